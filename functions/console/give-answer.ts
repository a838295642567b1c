/** A person's answer to one alert, from a link or a terminal: written at once, what it owes is handed to the due queue. */
import { type Alert, isUnanswered } from '../alerts/alert.ts';
import { type Answer, answerAlert, type Snooze } from '../alerts/answer-alert.ts';
import { changeAlert } from '../alerts/change-alert.ts';
import { readOperations } from '../holds/read-operations.ts';
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
 * @param meant     the life that is meant, an answer never reaches a later one; and, to escalate, the number of pages
 *                  that the answerer knew of: when more have gone out since, the press is one that was carried out;
 *                  and, to snooze, until when and why; `onlyUnanswered`: whoever has answered it keeps it
 */
export async function giveAnswer(
  id: string,
  answer: Answer,
  by: string,
  ports: AnswerPorts,
  meant: {
    openedAt?: number | undefined;
    seenPages?: number | undefined;
    snooze?: Snooze | undefined;
    onlyUnanswered?: boolean;
  } = {},
): Promise<Given> {
  let before: Alert | undefined;
  const operations = readOperations(ports);
  const decision = await changeAlert(ports.alerts, id, async (alert) => {
    before = alert;
    if (!alert || alert.openedAt === 0) return { kind: 'unchanged', reason: 'not found' };
    if (meant.openedAt !== undefined && alert.openedAt !== meant.openedAt) {
      return { kind: 'unchanged', reason: 'resolved already' };
    }
    if (answer === 'escalate' && meant.seenPages !== undefined && alert.pageCount !== meant.seenPages) {
      return { kind: 'unchanged', reason: 'others were paged in the meantime' };
    }
    if (meant.onlyUnanswered && !isUnanswered(alert))
      return { kind: 'unchanged', reason: 'answered already' };
    return answerAlert(alert, answer, by, ports.nowMs(), await operations, meant.snooze);
  });
  if (!before || before.openedAt === 0) return { kind: 'not-found' };
  const isSecond = answer === 'acknowledge' && before.status === 'acknowledged';
  if (decision.kind === 'unchanged') {
    return isSecond
      ? { kind: 'answered-before', alert: before }
      : { kind: 'nothing-to-do', alert: before, reason: decision.reason };
  }
  // The answer stands: what cannot be handed over now, the tick finds.
  await enqueueIfNear(decision.alert, ports).catch((error: unknown) =>
    ports.warn('the due queue refused a row; the tick brings it', error),
  );
  return { kind: isSecond ? 'answered-before' : 'done', alert: decision.alert };
}
