/**
 * An SMS of which SNS reports that it did not arrive is no page: each alert that it told of says so, and its page goes another
 * way. Source: design, Paging, "SNS accepts and drops"
 */
import type { DeliveredMessage } from '../../../local/aws/topics.ts';
import { whoHas } from '../read-publishes.ts';
import type { Invariant, Publish, Run } from '../run.ts';
import { deadlineOf } from './fault-times.ts';
import { historiesOf, type LifeHistory, lifeKey, overAt } from './life-history.ts';
import { isSameContact } from './tellings.ts';
import { iso, nameContact, nameLife } from './words.ts';

const NAME = 'a-lost-sms-is-heard-of';

/** The carrier takes 2 s, the report waits 5 s until its message is noted, and SQS delays whole seconds. */
const HEARD_WITHIN_MS = 8_000;

export const aLostSmsIsHeardOf: Invariant = (run) =>
  run.messages.filter(isReported).flatMap((message) => {
    const publish = publishOf(run, message);
    if (!publish || mayBeUnknown(run, publish)) return [];
    const { takenAt = 0 } = publish;
    const deadline = deadlineOf(run, takenAt + HEARD_WITHIN_MS);
    if (deadline > run.endMs) return [];
    return historiesOf(run)
      .filter((life) => publish.alerts.some((told) => lifeKey(told) === lifeKey(life)))
      .filter((life) => overAt(life) > deadline && !knows(life, publish, takenAt, deadline))
      .map((life) => ({
        invariant: NAME,
        at: deadline,
        what: `the SMS of ${iso(takenAt)} to ${nameContact(publish)} did not arrive (${message.dropReason}); alert ${nameLife(life)} had to know by ${iso(deadline)}, and its page stands as sent`,
      }));
  });

/** What is lost without a trace is reported by nobody. */
function isReported({ channel, delivered, dropReason = '' }: DeliveredMessage): boolean {
  return channel === 'sms' && !delivered && !dropReason.startsWith('injected');
}

function publishOf(run: Run, message: DeliveredMessage): Publish | undefined {
  const responder = whoHas(message, run.procedures);
  return run.publishes.find(
    (publish) =>
      publish.channel === 'sms' &&
      publish.responder === responder &&
      publish.takenAt === message.at &&
      publish.body === message.body,
  );
}

/** Which pages a message was is noted after it: whoever could not note it, or crashed, leaves a report that nobody knows. */
function mayBeUnknown(run: Run, { requestId }: Publish): boolean {
  return run.hits.some(({ call }) => call !== undefined && call.requestId === requestId);
}

function knows({ timeline }: LifeHistory, publish: Publish, fromMs: number, untilMs: number): boolean {
  return timeline.some(
    (entry) =>
      entry.event === 'page.undeliverable' &&
      isSameContact(entry, publish) &&
      entry.at >= fromMs &&
      entry.at <= untilMs,
  );
}
