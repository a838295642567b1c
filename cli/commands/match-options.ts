/** Which alerts are meant: the options shared by what opens, holds and silences them. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Severity } from '../../functions/alerts/alert.ts';
import type { Match } from '../../functions/operations/operations.ts';

export const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

export type MatchOptions = { service?: string; severity?: Severity; label?: Record<string, string> };

export function addMatchOptions(command: Command): Command {
  return addLabelOption(
    command
      .option('--service <pattern>', 'alerts of that service; * and ? stand for anything')
      .addOption(new Option('--severity <severity>', 'alerts of that severity').choices(SEVERITIES)),
    'alerts with that label; may be repeated, then all must match',
  );
}

/** @param about  what the labels are for */
export function addLabelOption(command: Command, about: string): Command {
  return command.option('--label <name=value>', about, collectLabel);
}

export function matchOf({ service, severity, label }: MatchOptions): Match {
  return { service, severity, labels: label };
}

export function matchesAll(match: Match): boolean {
  return Object.values(match).every((part) => part === undefined);
}

/** `team=shop`; a value may hold `=` as well. */
function collectLabel(text: string, labels: Record<string, string> = {}): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (!name || !value) throw new InvalidArgumentError('Write name=value.');
  if (Object.hasOwn(labels, name)) {
    throw new InvalidArgumentError(`'${name}' stands twice: give it one value.`);
  }
  return { ...labels, [name]: value };
}
