/** Contacts in a terminal: which channels reach their people, and what to do about the others. */
import { nameOf, oneLine } from '../functions/alerts/describe-alert.ts';
import { describeAge, describeMoment } from '../functions/alerts/describe-time.ts';
import type { ListedContact } from '../functions/console/commands.ts';
import type { Operations } from '../functions/operations/operations.ts';
import { alignColumns } from './columns.ts';
import type { Paint } from './paint.ts';

/** In the words of `tocsin doctor`. */
const STATES = {
  reachable: { words: 'can be reached', paint: 'good' },
  'at-risk': { words: 'at risk', paint: 'warn' },
  unreachable: { words: 'cannot be reached', paint: 'bad' },
  unknown: { words: 'not known', paint: 'faint' },
} as const satisfies Record<ListedContact['state'], { words: string; paint: keyof Paint }>;

const NOT_CHECKED =
  'Not checked yet: an audit looks every five minutes. `tocsin doctor` looks now, and says more.';

/** A table, and below it a sentence for each that is not as it should be. */
export function renderContacts(
  contacts: readonly ListedContact[],
  operations: Operations,
  nowMs: number,
  paint: Paint,
): string[] {
  const rows = contacts.map((contact) => [
    contact.responder,
    nameOf(contact.responder, operations),
    contact.channel,
    describeState(contact, paint),
    contact.checkedAt === undefined ? 'not yet' : describeAge(contact.checkedAt, nowMs),
    contact.verifiedAt === undefined ? 'never' : describeAge(contact.verifiedAt, nowMs),
  ]);
  const titles = ['responder', 'name', 'channel', 'state', 'checked', 'verified'].map(paint.faint);
  const troubles = contacts.flatMap((contact) => describeTrouble(contact, nowMs));
  const below = [...troubles, ...(contacts.some(isUnchecked) ? [NOT_CHECKED] : [])];
  return [...alignColumns([titles, ...rows]), ...(below.length > 0 ? ['', ...below] : [])];
}

function describeState(contact: ListedContact, paint: Paint): string {
  if (isUnchecked(contact)) return paint.faint('not checked yet');
  const { words, paint: color } = STATES[contact.state];
  return paint[color](words);
}

/** A delivery report may know better than no audit. */
function isUnchecked({ state, checkedAt }: ListedContact): boolean {
  return state === 'unknown' && checkedAt === undefined;
}

/** `ana, email: the subscription is not confirmed, since 12:05Z`, and what to do */
function describeTrouble(contact: ListedContact, nowMs: number): string[] {
  const { responder, channel, reason, since, advice } = contact;
  if (!reason || isUnchecked(contact)) return [];
  const age = since === undefined ? '' : `, since ${describeMoment(since, nowMs)}`;
  const what = `${responder}, ${channel}: ${oneLine(reason)}${age}`;
  return advice ? [what, `  ${oneLine(advice)}`] : [what];
}
