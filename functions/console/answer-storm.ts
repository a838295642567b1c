/** "Acknowledge all" of a storm: one press, carried out by the due queue's consumer over the open alerts. */
import { type Alert, isUnanswered } from '../alerts/alert.ts';
import { isActive } from '../alerts/alert-draft.ts';
import { answerAlert } from '../alerts/answer-alert.ts';
import { changeAlert } from '../alerts/change-alert.ts';
import { FEED_START } from '../alerts/feed.store.ts';
import { readOperations } from '../holds/read-operations.ts';
import type { ReviewStore } from '../holds/review.store.ts';
import type { Operations } from '../operations/operations.ts';
import type { Link, LinkStore, StormAnswer } from '../paging/link.store.ts';
import { enqueueIfNear } from '../paging/send-pages.ts';
import { isAwsFault, kindOf } from '../shared/errors.ts';
import { keys } from '../shared/table.ts';
import type { AnswerPorts } from './answer.ports.ts';

/** In one turn: it stays well within a function's ten seconds. */
const ALERTS_MOST = 100;

/** Side by side: an answer to a storm must not crowd out what pages. */
const AT_ONCE = 20;

export type StormLink = Link & { storm: NonNullable<Link['storm']> };
type StormPorts = AnswerPorts & { links: LinkStore; reviews: Pick<ReviewStore, 'open'> };

/**
 * The button was pressed: written down in the link's own row, which is due now. Pressed again it changes nothing.
 * The answer stands: what cannot be handed over now, the tick finds.
 */
export async function armStorm(
  token: string,
  link: StormLink,
  ports: AnswerPorts & { links: LinkStore },
): Promise<void> {
  const nowMs = ports.nowMs();
  const answer: StormAnswer = { by: link.responder, at: nowMs, acknowledged: 0 };
  if (!(await ports.links.arm(token, answer))) return;
  await ports.due
    .enqueue([{ ...keys.link(token), dueAt: nowMs }], nowMs)
    .catch((error: unknown) => ports.warn('the due queue refused a row; the tick brings it', error));
}

/**
 * One turn of the answer: the next alerts of a walk over all open ones, those acknowledged that the message told of.
 * A crash repeats a turn: what it has acknowledged is not triggered any more.
 * @param hash       of the link's token
 * @param toldDueAt  the row's `dueAt` when the turn was handed out; another one by now means another turn
 */
export async function answerStorm(hash: string, toldDueAt: number, ports: StormPorts): Promise<void> {
  const [link, operations] = await Promise.all([ports.links.readByHash(hash), readOperations(ports)]);
  if (!link || !isStorm(link) || !link.answer || link.dueAt !== toldDueAt) return;
  const { cursor = FEED_START, ...answer } = link.answer;
  const { ids, next } = await ports.reviews.open(cursor, ALERTS_MOST);
  let acknowledged = 0;
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const done = await Promise.all(
      ids.slice(from, from + AT_ONCE).map((id) => acknowledgeIfTold(id, link, ports, operations)),
    );
    acknowledged += done.filter((one) => one).length;
  }
  const nowMs = ports.nowMs();
  const soFar = { ...answer, acknowledged: answer.acknowledged + acknowledged };
  if (!next) {
    await ports.links.goOn(hash, toldDueAt, { ...soFar, finishedAt: nowMs }, undefined);
    return;
  }
  const dueAt = Math.max(nowMs, toldDueAt + 1);
  if (await ports.links.goOn(hash, toldDueAt, { ...soFar, cursor: next }, dueAt)) {
    await ports.due.enqueue([{ ...keys.linkOf(hash), dueAt }], nowMs);
  }
}

export function isStorm(link: Link): link is StormLink {
  return link.storm !== undefined;
}

async function acknowledgeIfTold(
  id: string,
  link: StormLink,
  ports: StormPorts,
  operations: Operations,
): Promise<boolean> {
  try {
    const decision = await changeAlert(ports.alerts, id, (alert) =>
      alert && wasToldOf(alert, link)
        ? answerAlert(alert, 'acknowledge', link.responder, ports.nowMs(), operations)
        : { kind: 'unchanged', reason: 'answered, or of another message' },
    );
    if (decision.kind === 'unchanged') return false;
    await enqueueIfNear(decision.alert, ports);
    return true;
  } catch (error) {
    // One row that cannot be read must not keep the others unanswered.
    if (isAwsFault(error) || kindOf(error) !== 'bug') throw error;
    ports.warn(`alert ${id} could not be acknowledged`, error);
    return false;
  }
}

/** True for an alert of before the message that nobody has answered, and that has paged this responder or is about to. */
function wasToldOf(alert: Alert, { responder, storm }: StormLink): boolean {
  if (!isUnanswered(alert) || alert.openedAt > storm.until) return false;
  return (
    alert.paged.some((one) => one.responder === responder) ||
    alert.pages.some((page) => page.responder === responder && isActive(page) && page.owedAt <= storm.until)
  );
}
