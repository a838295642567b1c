/** What a storm's message told of is settled after it, a hundred rows of the line at a time, without publishing again. */
import type { Contact } from '../escalation/decide-contacts.ts';
import type { PagingPorts } from './paging.ports.ts';
import { type Slot, toldAt } from './slot.ts';
import { isKeptBack, lookUp, settleAlerts } from './waiting-pages.ts';

/** In one turn: it stays well within a function's ten seconds. */
const SETTLED_MOST = 100;

/** Until whoever put a row has written down that its page waits. */
const WRITER_PAUSE_MS = 1_000;

/**
 * @returns the storms of which rows are left, and when to go on with them
 */
export async function settleTold(
  contact: Contact,
  slot: Pick<Slot, 'told'>,
  ports: PagingPorts,
): Promise<{ told: Slot['told']; turn: number }> {
  const rows = await ports.slots.waiting(contact, SETTLED_MOST, (row) => toldAt(slot, row) !== undefined);
  const { waiting, gone } = await lookUp(rows, ports);
  const isInItsPlace = ({ row, page }: (typeof waiting)[number]) => page.attempt === row.attempt;
  // Only a page that is known to wait was in the line in time: see `wait`.
  const told = waiting.filter((one) => isInItsPlace(one) && one.page.status === 'waiting');
  const unknown = waiting.filter((one) => isInItsPlace(one) && one.page.status === 'sending');
  const moved = waiting.filter((one) => !told.includes(one) && !unknown.includes(one));
  await settleAlerts(
    told,
    (one) => (isKeptBack(one, ports) ? { kind: 'unsent' } : { kind: 'sent', at: toldAt(slot, one.row)! }),
    ports,
  );
  const done = [...gone, ...[...told, ...moved].map(({ row }) => row)];
  await Promise.all(done.map((row) => ports.slots.leave(contact, row)));
  const isOver = rows.length < SETTLED_MOST && unknown.length === 0;
  return {
    told: isOver ? undefined : slot.told,
    turn: ports.nowMs() + (done.length > 0 ? 0 : WRITER_PAUSE_MS),
  };
}
