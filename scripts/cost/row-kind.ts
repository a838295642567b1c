/** What a row of the table is for, in the words of the cost's table. */
import type { Item } from '../../local/dynamodb/attribute-value.ts';

const NAMES: Record<string, string> = {
  'alert current': 'alerts',
  'alert ended': 'lives that have ended',
  'alert event': 'timelines',
  'contact slot': 'slots',
  'contact waiting': 'pages that wait',
  'link link': 'links',
  'message pages': 'sent messages, for their delivery reports',
  'audit current': 'the audits',
  'situation current': 'the situation',
  'tick heartbeat': 'the heartbeat',
};

/** @returns the key's first words for a row that has no name here */
export function rowKind({ pk, sk }: Item): string {
  const kind = [pk, sk].map((key) => key?.S?.split('#')[0] ?? '').join(' ');
  return NAMES[kind] ?? kind.trim();
}
