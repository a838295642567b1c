/** "Acknowledge all" of a storm: one press, carried out by the due queue's consumer over the open alerts. */
import { type Alert, isUnanswered } from '../alerts/alert.ts';
import { answerAlert } from '../alerts/answer-alert.ts';
import { changeAlert } from '../alerts/change-alert.ts';
import { FEED_START } from '../alerts/feed.store.ts';
import { readOperations } from '../holds/read-operations.ts';
import type { ReviewStore } from '../holds/review.store.ts';
import type { Operations } from '../operations/operations.ts';
import type { Link, LinkStore, StormAnswer } from '../paging/link.store.ts';
import { enqueueIfNear } from '../paging/send-pages.ts';
import type { SlotStore } from '../paging/slot.store.ts';
import { SLOT_INTERVAL_MS } from '../paging/slot.ts';
import { isBug } from '../shared/errors.ts';
import { keys } from '../shared/table.ts';
import type { AnswerPorts } from './answer.ports.ts';

/** In one turn: it stays well within a function's ten seconds. */
const ALERTS_MOST = 100;

/** Side by side: an answer to a storm must not crowd out what pages. */
const AT_ONCE = 20;

/** Until the pages that the message told of are settled as sent by it: see `settleTold`. */
const SETTLING_PAUSE_MS = 1_000;

export type StormLink = Link & { storm: NonNullable<Link['storm']> };
type StormPorts = AnswerPorts & {
  links: LinkStore;
  reviews: Pick<ReviewStore, 'open'>;
  slots: Pick<SlotStore, 'read'>;
};

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
  if (!link.answer.cursor && (await isSettling(link, ports))) {
    const dueAt = Math.max(ports.nowMs(), toldDueAt) + SETTLING_PAUSE_MS;
    await goOn(hash, toldDueAt, link.answer, dueAt, ports);
    return;
  }
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
  await goOn(hash, toldDueAt, { ...soFar, cursor: next }, Math.max(nowMs, toldDueAt + 1), ports);
}

async function goOn(
  hash: string,
  toldDueAt: number,
  answer: StormAnswer,
  dueAt: number,
  ports: StormPorts,
): Promise<void> {
  if (await ports.links.goOn(hash, toldDueAt, answer, dueAt)) {
    await ports.due.enqueue([{ ...keys.linkOf(hash), dueAt }], ports.nowMs());
  }
}

/** True while pages that the message told of still stand in the line: whether it told of them is not in them yet. */
async function isSettling({ responder, storm }: StormLink, { slots }: StormPorts): Promise<boolean> {
  if (!storm.channel) return false;
  const told = (await slots.read({ responder, channel: storm.channel }))?.told?.pages;
  return told !== undefined && told.upTo >= storm.until;
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
    if (!isBug(error)) throw error;
    ports.warn(`alert ${id} could not be acknowledged`, error);
    return false;
  }
}

/**
 * True for an alert that nobody has answered, that the message told of, and which has gone to no higher level. It told of
 * what its link lists, also where the answer of SNS was lost; and of each page that was settled as sent by it: a contact
 * has one message a minute, so what it was told within that minute, this message said.
 */
function wasToldOf(alert: Alert, { responder, sentAt, storm, alerts }: StormLink): boolean {
  const isListed = alerts.some(({ id, openedAt }) => id === alert.id && openedAt === alert.openedAt);
  return (
    isUnanswered(alert) &&
    alert.pages.some(
      (page) =>
        page.kind === 'page' &&
        page.responder === responder &&
        page.channel === (storm.channel ?? page.channel) &&
        page.level >= alert.highestPagedLevel &&
        (isListed ||
          (page.status === 'sent' &&
            page.settledAt !== undefined &&
            page.settledAt >= sentAt &&
            page.settledAt < sentAt + SLOT_INTERVAL_MS)),
    )
  );
}
