/** The default event bus: each rule of the template that an event matches hands it to the rule's targets. */
import { matches } from './event-pattern.ts';

export type BusEvent = {
  id?: string;
  source: string;
  'detail-type': string;
  /** ISO 8601 */
  time?: string;
  account?: string;
  region?: string;
  resources?: string[];
  detail: unknown;
};

export type Rule = {
  name: string;
  pattern: Record<string, unknown>;
  targets: ((event: unknown) => void)[];
};

/** @returns puts one event, in the standard envelope */
export function openEventBus(
  rules: readonly Rule[],
  envelope: () => { id: string; time: string; account: string; region: string },
) {
  return (event: BusEvent): void => {
    const { source, detail, resources = [], ...rest } = event;
    const sent = {
      version: '0',
      ...envelope(),
      ...rest,
      source,
      resources,
      detail,
    };
    for (const rule of rules) {
      if (matches(rule.pattern, sent)) for (const target of rule.targets) target(sent);
    }
  };
}
