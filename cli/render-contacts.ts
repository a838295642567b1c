/** Contacts in a terminal: which channels reach their people, and what to do about the others. */
import { nameOf, oneLine } from '../functions/alerts/describe-alert.ts';
import { describeAge, describeMoment } from '../functions/alerts/describe-time.ts';
import type { ListedContact } from '../functions/console/commands.ts';
import type { Operations } from '../functions/operations/operations.ts';
import { alignColumns } from './columns.ts';
import type { Paint } from './paint.ts';

const STATE_PAINT = {
  reachable: 'good',
  'at-risk': 'warn',
  unreachable: 'bad',
  unknown: 'faint',
} as const satisfies Record<ListedContact['state'], keyof Paint>;

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
    paint[STATE_PAINT[contact.state]](contact.state),
    contact.checkedAt === undefined ? 'not yet' : describeAge(contact.checkedAt, nowMs),
    contact.verifiedAt === undefined ? 'never' : describeAge(contact.verifiedAt, nowMs),
  ]);
  const titles = ['responder', 'name', 'channel', 'state', 'checked', 'verified'].map(paint.faint);
  const troubles = contacts.flatMap((contact) => describeTrouble(contact, nowMs));
  return [...alignColumns([titles, ...rows]), ...(troubles.length > 0 ? ['', ...troubles] : [])];
}

/** `ana, email: the subscription is not confirmed, since 12:05Z`, and what to do */
function describeTrouble(contact: ListedContact, nowMs: number): string[] {
  const { responder, channel, reason, since, advice, checkedAt } = contact;
  // Whatever was not looked at yet, the table says so.
  if (!reason || checkedAt === undefined) return [];
  const age = since === undefined ? '' : `, since ${describeMoment(since, nowMs)}`;
  const what = `${responder}, ${channel}: ${oneLine(reason)}${age}`;
  return advice ? [what, `  ${oneLine(advice)}`] : [what];
}
