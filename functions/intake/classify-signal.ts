/** Says whose a signal is and how urgent, by the routes of operations.ts. */
import type { Operations, Route } from '../operations/operations.ts';
import { cutText } from './cut-text.ts';
import { matchesGlob } from './glob.ts';
import type { ClassifiedSignal, Signal } from './signal.ts';

/** Of what nobody classified, nobody knows that it can wait. */
const DEFAULT_SEVERITY = 'critical';

const PLACEHOLDER = /\{(account|region|alarmName|service|tag:[^{}]+)\}/g;

/**
 * The first route that matches wins. Nothing is classified by what its metric is called.
 * @returns the signal with the route's service, severity and dedup key; without a route: critical, of no service
 */
export function classifySignal(signal: Signal, operations: Operations): ClassifiedSignal {
  const route = operations.routes.find(({ match }) => matches(match, signal));
  return {
    ...signal,
    dedupKey: fillTemplate(route, signal) || signal.dedupKey,
    severity: route?.severity ?? DEFAULT_SEVERITY,
    service: route?.service,
  };
}

function matches(
  { alarmName, account, region, tags = {} }: Route['match'],
  { source, tags: own }: Signal,
): boolean {
  const wanted: [pattern: string | undefined, text: string | undefined][] = [
    [alarmName, source.alarmName],
    [account, source.account],
    [region, source.region],
    ...Object.entries(tags).map(([name, pattern]): [string, string | undefined] => [
      pattern,
      tagOf(own, name),
    ]),
  ];
  return wanted.every(
    ([pattern, text]) => pattern === undefined || (text !== undefined && matchesGlob(pattern, text)),
  );
}

/** @returns '' when there is no template, or nothing to fill it with */
function fillTemplate(route: Route | undefined, { source, tags }: Signal): string {
  const fill = (_: string, name: string): string => {
    if (name === 'service') return route?.service ?? '';
    if (name.startsWith('tag:')) return tagOf(tags, name.slice('tag:'.length)) ?? '';
    return source[name as 'account' | 'region' | 'alarmName'];
  };
  return cutText((route?.dedupKey ?? '').replace(PLACEHOLDER, fill).trim());
}

function tagOf(tags: Record<string, string> = {}, name: string): string | undefined {
  return Object.hasOwn(tags, name) ? tags[name] : undefined;
}
