/** A person's answer to one alert, from a link or a terminal: written at once, what it owes is handed to the due queue. */
import { type Alert, isOpen } from '../alerts/alert.ts';
import { type Answer, answerAlert } from '../alerts/answer-alert.ts';
import { changeAlert } from '../alerts/change-alert.ts';
import { enqueueIfNear } from '../paging/send-pages.ts';
import type { AnswerPorts } from './answer.ports.ts';

/** What became of the answer, with the alert as it stands. */
export type Given =
  | { kind: 'done'; alert: Alert }
  /** an acknowledgement that came second: who answered first stands in the alert */
  | { kind: 'answered-before'; alert: Alert }
  | { kind: 'nothing-to-do'; alert: Alert; reason: string }
  | { kind: 'not-found' };

/**
 * @param by        a responder's name, or `cli:<user>`
 * @param openedAt  the life that is meant; an answer never reaches a later one
 */
export async function giveAnswer(
  id: string,
  answer: Answer,
  by: string,
  ports: AnswerPorts,
  openedAt?: number,
): Promise<Given> {
  let before: Alert | undefined;
  const decision = await changeAlert(ports.alerts, id, (alert) => {
    before = alert;
    if (!alert || alert.openedAt === 0) return { kind: 'unchanged', reason: 'not found' };
    if (openedAt !== undefined && alert.openedAt !== openedAt) {
      return { kind: 'unchanged', reason: 'resolved already' };
    }
    return answerAlert(alert, answer, by, ports.nowMs(), ports.operations);
  });
  if (!before || before.openedAt === 0) return { kind: 'not-found' };
  if (decision.kind === 'unchanged') {
    return { kind: 'nothing-to-do', alert: before, reason: decision.reason };
  }
  // The answer stands: what cannot be handed over now, the tick finds.
  await enqueueIfNear(decision.alert, ports).catch((error: unknown) =>
    ports.warn('the due queue refused a row; the tick brings it', error),
  );
  const second = answer === 'acknowledge' && before.status === 'acknowledged' && isOpen(before);
  return { kind: second ? 'answered-before' : 'done', alert: decision.alert };
}
