/** A contact's line put up row by row, on a table in memory: each use case of paging is called by itself. */
import type { Alert, Page } from '../../functions/alerts/alert.ts';
import type { Contact } from '../../functions/escalation/decide-contacts.ts';
import type { WaitingPage } from '../../functions/paging/slot.ts';
import { takeSlotTurn } from '../../functions/paging/take-slot-turn.ts';
import { keys } from '../../functions/shared/table.ts';
import { pagingRig } from './paging-rig.ts';
import { memoryTableOfTest } from './real-table.ts';
import { sampleAlert, samplePage } from './sample-alert.ts';
import { clock, MINUTE_MS, START_MS } from './story.ts';

export const ANA_SMS: Contact = { responder: 'ana', channel: 'sms' };

export type LineRig = Awaited<ReturnType<typeof lineRig>>;

export async function lineRig(options: Parameters<typeof pagingRig>[1] = {}) {
  const table = await memoryTableOfTest();
  const rig = pagingRig(table, options);
  const handedOver: string[] = [];
  rig.ports.due.enqueue = async (rows) => {
    for (const { pk, sk, dueAt } of rows) handedOver.push(`${clock(dueAt)} ${pk} ${sk}`);
  };
  return {
    ...rig,
    /** `1:00 contact#ana#sms slot`, what was given to the due queue; nothing of it arrives */
    handedOver,
    wait: (ms: number) => rig.ports.sleep(ms),
    /** The alert as it was written, and its first page in Ana's line. */
    async putInLine(alert: Alert, row: Partial<WaitingPage> = {}, notBefore?: number): Promise<void> {
      await rig.ports.alerts.write(alert);
      await rig.ports.slots.wait(ANA_SMS, rowOf(alert, row), rig.at(), notBefore);
    },
    /** The same of many, without asking whether the line was read meanwhile. */
    async putManyInLine(alerts: readonly Alert[], putAt = rig.at()): Promise<void> {
      const { client, name } = table;
      for (const alert of alerts) {
        const row = rowOf(alert);
        const key = keys.waiting(ANA_SMS.responder, ANA_SMS.channel, row);
        await rig.ports.alerts.write(alert);
        await client.put({ TableName: name, Item: { ...key, ...row, putAt } });
      }
    },
    /** The slot as it stands. */
    slot: async () => (await rig.ports.slots.read(ANA_SMS))!,
    /** Which alerts are in the line. */
    line: async () => (await rig.ports.slots.waiting(ANA_SMS, 1_000)).map((row) => row.alertId),
    /** The first page of that alert. */
    async page(id: string): Promise<Page> {
      return (await rig.ports.alerts.read(id))!.pages[0]!;
    },
  };
}

/** Takes the turn that the slot is armed for, when it is due. */
export async function takeTurn(rig: LineRig): Promise<void> {
  const { dueAt } = await rig.slot();
  if (dueAt! > rig.at()) await rig.wait(dueAt! - rig.at());
  await takeSlotTurn(ANA_SMS, dueAt!, rig.ports);
}

/** A critical alert that opened at minute 0; its one page to Ana by SMS waits for her slot. */
export function waitingAlert(id: string, page: Partial<Page> = {}, changes: Partial<Alert> = {}): Alert {
  return sampleAlert({
    id,
    version: 1,
    openedAt: START_MS,
    dedupKey: id,
    detail: { title: id },
    clock: { elapsedMs: 0, runningSince: START_MS },
    next: { step: 1, atMs: 15 * MINUTE_MS },
    paged: [],
    pages: [samplePage({ status: 'waiting', owedAt: START_MS, settledAt: undefined, ...page })],
    pageCount: 1,
    feedAt: START_MS,
    ...changes,
  });
}

/** The same with its page claimed by the write itself. */
export function claimedAlert(id: string, page: Partial<Page> = {}, changes: Partial<Alert> = {}): Alert {
  const claim = { version: changes.version ?? 1, until: START_MS + 30_000 };
  return waitingAlert(id, { status: 'sending', claim, ...page }, changes);
}

export function rowOf(alert: Alert, row: Partial<WaitingPage> = {}): WaitingPage {
  const page = alert.pages[0]!;
  return {
    alertId: alert.id,
    pageId: page.id,
    attempt: page.attempt,
    owedAt: page.owedAt,
    isNotice: page.kind === 'notice',
    severity: alert.severity,
    service: alert.service,
    ...row,
  };
}
