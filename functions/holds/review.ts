/** The review: after the windows or the inhibitions have changed, a walk over all open alerts, a hundred at a time. */
import { createHash } from 'node:crypto';
import { FEED_START } from '../alerts/feed.store.ts';
import type { Operations } from '../operations/operations.ts';
import type { DueQueue } from '../shared/due-queue.ts';
import { keys } from '../shared/table.ts';
import type { ReviewStore } from './review.store.ts';
import type { SituationStore } from './situation.store.ts';

/** In one turn of the walk: it stays well within a function's ten seconds. */
const ALERTS_MOST = 100;

/** Side by side: a review must not crowd out what pages. */
const AT_ONCE = 10;

/** As long as a function may run: what it was writing by the windows of before, the first walk has passed by. */
const AGAIN_AFTER_MS = 15_000;

/** As long as the functions of the deploy before may still decide by its windows, and walk by them. */
const AGAIN_AFTER_DEPLOY_MS = 10 * 60_000;

export type ReviewPorts = { reviews: ReviewStore; due: DueQueue; nowMs: () => number };

/** Asks for a walk over all open alerts. Asked again meanwhile, another walk follows: very many askers make two of it. */
export async function requestReview(ports: ReviewPorts): Promise<void> {
  const nowMs = ports.nowMs();
  if (await ports.reviews.ask(nowMs)) await ports.due.enqueue([{ ...keys.review, dueAt: nowMs }], nowMs);
}

/** Asks for a walk now, and for another when whoever decided by what held before has written it. */
export async function requestReviews(ports: ReviewPorts, againAfterMs = AGAIN_AFTER_MS): Promise<void> {
  const dueAt = ports.nowMs() + againAfterMs;
  await ports.reviews.askAgainAt(dueAt);
  await requestReview(ports);
  await ports.due.enqueue([{ ...keys.reviewAgain(dueAt), dueAt }], ports.nowMs());
}

/** The second walk's moment. A crash asks twice. */
export async function takeReviewAgain(dueAt: number, ports: ReviewPorts): Promise<void> {
  if (!(await ports.reviews.isAskedAgainAt(dueAt))) return;
  await requestReview(ports);
  await ports.reviews.askedAgainAt(dueAt);
}

/**
 * One turn of the walk.
 * @param toldDueAt  the row's `dueAt` when the turn was handed out; another one by now means another turn
 * @param review     rewrites one alert if its holds have changed, and carries out what follows; must not throw for an
 *                   alert that is broken for good
 */
export async function takeReviewTurn(
  toldDueAt: number,
  ports: ReviewPorts,
  review: (alertId: string) => Promise<void>,
): Promise<void> {
  const row = await ports.reviews.read();
  if (!row || row.dueAt !== toldDueAt) return;
  const walk = row.walk ?? { asked: row.asked, cursor: FEED_START };
  const { ids, next } = await ports.reviews.open(walk.cursor, ALERTS_MOST);
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    await Promise.all(ids.slice(from, from + AT_ONCE).map(review));
  }
  if (!next && (await ports.reviews.finish(toldDueAt, walk))) return;
  const dueAt = Math.max(ports.nowMs(), toldDueAt + 1);
  const goesOn = next && { asked: walk.asked, cursor: next };
  if (!(await ports.reviews.goOn(toldDueAt, goesOn, dueAt))) return;
  await ports.due.enqueue([{ ...keys.review, dueAt }], ports.nowMs());
}

/**
 * Asks for a review when operations.ts has other windows or inhibitions than at the last one: a deploy has come.
 * @returns whether it has
 */
export async function reviewIfProceduresChanged(
  ports: ReviewPorts & { situation: SituationStore; operations: Operations },
): Promise<boolean> {
  const { windows, inhibitions } = ports.operations;
  const digest = createHash('sha256')
    .update(JSON.stringify([windows, inhibitions]))
    .digest('base64url');
  if ((await ports.situation.read()).procedures === digest) return false;
  await requestReviews(ports, AGAIN_AFTER_DEPLOY_MS);
  await ports.situation.change((situation) => ({ ...situation, procedures: digest }));
  return true;
}
