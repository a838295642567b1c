/** Who waits for a contact's slot, looked up again in their alerts; and what came of it, written into them. */
import type { Alert, Page } from '../alerts/alert.ts';
import { isActive } from '../alerts/alert-draft.ts';
import { isHeldBack, isMoot } from '../alerts/alert-pages.ts';
import { changeAlert } from '../alerts/change-alert.ts';
import { type Outcome, settlePages } from '../alerts/settle-pages.ts';
import { windowsAt } from '../holds/windows.ts';
import { isBug } from '../shared/errors.ts';
import type { PagingPorts } from './paging.ports.ts';
import { carryOut } from './send-pages.ts';
import type { WaitingRow } from './slot.ts';

/** A row of the line with the page that it stands for. */
export type Waiting = { row: WaitingRow; alert: Alert; page: Page };

/** @returns `gone`: rows whose page was settled meanwhile, or whose alert cannot be read */
export async function lookUp(
  rows: readonly WaitingRow[],
  ports: PagingPorts,
): Promise<{ waiting: Waiting[]; gone: WaitingRow[] }> {
  const ids = [...new Set(rows.map(({ alertId }) => alertId))];
  const alerts = new Map(await Promise.all(ids.map(async (id) => [id, await readAlert(id, ports)] as const)));
  const found = { waiting: [] as Waiting[], gone: [] as WaitingRow[] };
  for (const row of rows) {
    const alert = alerts.get(row.alertId);
    const page = alert?.pages.find(({ id }) => id === row.pageId);
    if (alert && page && isActive(page)) found.waiting.push({ row, alert, page });
    else found.gone.push(row);
  }
  return found;
}

/**
 * True for what must not be sent now: it is answered or held.
 * The windows count as they stand now; one that began since the alert was last written is not in it yet.
 */
export function isKeptBack({ alert, page }: Waiting, ports: PagingPorts): boolean {
  if (isMoot(alert, page) || isHeldBack(alert, page)) return true;
  if (page.byHand || page.kind === 'notice') return false;
  const { maintenance, silenced } = windowsAt(ports.operations, alert, ports.nowMs());
  return maintenance !== undefined || silenced !== undefined;
}

/**
 * One write per alert, whatever number of its pages the line held; what follows from it is carried out.
 * An alert that cannot be settled must not keep the others waiting: its page comes back at its moment, and is stuck by itself.
 */
export async function settleAlerts(
  line: readonly Waiting[],
  outcomeOf: (one: Waiting) => DistributiveOmit<Outcome, 'page'>,
  ports: PagingPorts,
): Promise<void> {
  const ids = [...new Set(line.map(({ alert }) => alert.id))];
  await Promise.all(
    ids.map(async (id) => {
      const outcomes = line
        .filter(({ alert }) => alert.id === id)
        .map((one): Outcome => ({ ...outcomeOf(one), page: one.page.id }));
      try {
        const decision = await changeAlert(ports.alerts, id, (latest) =>
          latest
            ? settlePages(latest, outcomes, {}, ports.nowMs(), ports.operations)
            : { kind: 'unchanged', reason: 'the alert is gone' },
        );
        if (decision.kind === 'changed') await carryOut(decision.alert, ports);
      } catch (error) {
        if (!isBug(error)) throw error;
        ports.warn(`alert ${id} could not be settled`, error);
      }
    }),
  );
}

/** A row that cannot be read must not keep the others waiting: it leaves the line, and is stuck by itself. */
async function readAlert(id: string, ports: PagingPorts): Promise<Alert | undefined> {
  try {
    return await ports.alerts.read(id);
  } catch (error) {
    if (!isBug(error)) throw error;
    ports.warn(`alert ${id} left the line of a contact`, error);
    return undefined;
  }
}

type DistributiveOmit<T, K extends keyof never> = T extends unknown ? Omit<T, K> : never;
