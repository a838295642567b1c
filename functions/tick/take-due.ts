/** Takes one row that is due: waits out the rest of its second, reads it again, and does what it is due for. */
import { type AlarmReading, advanceAlert, needsAlarmReading } from '../alerts/advance-alert.ts';
import { type Alert, Channel } from '../alerts/alert.ts';
import { changeAlert } from '../alerts/change-alert.ts';
import type { AlarmReader } from '../alerts/cloudwatch.reader.ts';
import { reviewHolds } from '../alerts/review-holds.ts';
import { answerStorm } from '../console/answer-storm.ts';
import { findInhibitor } from '../holds/find-inhibitor.ts';
import { readOperations } from '../holds/read-operations.ts';
import { takeReviewAgain, takeReviewTurn } from '../holds/review.ts';
import type { PagingPorts } from '../paging/paging.ports.ts';
import { carryOut } from '../paging/send-pages.ts';
import { takeSlotTurn } from '../paging/take-slot-turn.ts';
import { isBug, OpsError } from '../shared/errors.ts';
import { type DueMessage, readKey } from '../shared/table.ts';

/** SQS delays whole seconds, so less than this is left; a row that comes earlier goes back with its delay. */
const WAIT_MOST_MS = 2_000;

export type DuePorts = PagingPorts & { alarms: AlarmReader; sleep: (ms: number) => Promise<unknown> };

/**
 * Advances the row if its `dueAt` is still what the message was told.
 * @throws OpsError `rejected` when the key is no row that can be due
 */
export async function takeDue(message: DueMessage, ports: DuePorts): Promise<void> {
  if (message.dueAt - ports.nowMs() > WAIT_MOST_MS) return ports.due.enqueue([message], ports.nowMs());
  for (let left = message.dueAt - ports.nowMs(); left > 0; left = message.dueAt - ports.nowMs()) {
    await ports.sleep(left);
  }
  const row = readKey(message);
  switch (row.kind) {
    case 'alert':
      return advance(row.id, message.dueAt, ports);
    case 'slot':
      return takeSlotTurn(
        { responder: row.responder, channel: Channel.parse(row.channel) },
        message.dueAt,
        ports,
      );
    case 'review':
      return review(message.dueAt, ports);
    case 'review-again':
      return takeReviewAgain(message.dueAt, ports);
    case 'link':
      return answerStorm(row.hash, message.dueAt, ports);
    case 'unknown':
      throw new OpsError('rejected', `nothing is ever due at ${message.pk} ${message.sk}`);
  }
}

async function advance(id: string, toldDueAt: number, ports: DuePorts): Promise<void> {
  const operations = readOperations(ports);
  const decision = await changeAlert(ports.alerts, id, async (alert) => {
    if (alert?.dueAt !== toldDueAt) return { kind: 'unchanged', reason: 'due at another moment by now' };
    const nowMs = ports.nowMs();
    const [reading, inhibitor] = await Promise.all([
      needsAlarmReading(alert, nowMs) ? readAlarm(alert, ports) : undefined,
      operations.then((now) => findInhibitor(alert, ports, now)),
    ]);
    return advanceAlert(alert, ports.nowMs(), await operations, reading, inhibitor);
  });
  if (decision.kind === 'changed') await carryOut(decision.alert, { ...ports, operations: await operations });
}

async function review(toldDueAt: number, ports: DuePorts): Promise<void> {
  const operations = await readOperations(ports);
  await takeReviewTurn(toldDueAt, ports, (id) => reviewAlert(id, { ...ports, operations }));
}

/**
 * A row that cannot be read must not end the walk over the others: it is stuck by itself when it is due.
 * @param ports  with the procedures as they stand now
 */
async function reviewAlert(id: string, ports: DuePorts): Promise<void> {
  const { operations } = ports;
  try {
    const decision = await changeAlert(ports.alerts, id, async (alert) =>
      alert
        ? reviewHolds(alert, ports.nowMs(), operations, await findInhibitor(alert, ports, operations))
        : { kind: 'unchanged', reason: 'the alert is gone' },
    );
    if (decision.kind === 'changed') await carryOut(decision.alert, ports);
  } catch (error) {
    if (!isBug(error)) throw error;
    ports.warn(`alert ${id} could not be reviewed`, error);
  }
}

/** While CloudWatch cannot be asked the hold stays; it is asked again in five minutes. */
async function readAlarm(alert: Alert, ports: DuePorts): Promise<AlarmReading> {
  if (alert.source.kind !== 'cloudwatch') return { state: 'unknown', suppressed: false };
  try {
    return await ports.alarms.read(alert.source);
  } catch (error) {
    ports.warn(`could not ask about the muted alarm of alert ${alert.id}`, error);
    return { state: 'unknown', suppressed: true };
  }
}
