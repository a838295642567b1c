/** What `tocsin doctor --fix` mends: emails whose subscription is missing, or waits to be confirmed, are subscribed again. */
import { listNames, nameOf } from '../alerts/describe-alert.ts';
import type { Operations } from '../operations/operations.ts';
import { unsubscribedWatchers } from '../paging/reachability.ts';
import type { Subscriptions } from '../paging/sns-subscriptions.store.ts';
import { ask } from './asked.ts';
import type { Finding } from './contract.ts';
import type { ContactsSeen } from './look-at-contacts.ts';

export type TopicArns = { responderTopicArnPrefix: string; watchersTopicArn: string };

export type FixPorts = {
  subscriptions: Pick<Subscriptions, 'subscribe'>;
  operations: Operations;
  topics: TopicArns;
};

/** One email to subscribe to one topic. */
type Missing = { responder: string; email: string; topicArn: string };

/** @returns the findings, each with what was done about it */
export async function fixSubscriptions(
  findings: readonly Finding[],
  seen: ContactsSeen,
  ports: FixPorts,
): Promise<Finding[]> {
  const missing = missingOf(seen, ports);
  return Promise.all(
    findings.map(async (finding) => {
      const todo = missing.get(finding.id) ?? [];
      return todo.length === 0 ? finding : subscribeAll(finding, todo, ports);
    }),
  );
}

/** By the id of the finding that speaks of it. */
function missingOf(
  { reading, audited }: ContactsSeen,
  { operations, topics }: FixPorts,
): Map<string, Missing[]> {
  const missing = new Map<string, Missing[]>();
  for (const { responder, channel, ...verdict } of audited) {
    const email = operations.responders[responder]?.email;
    const lost = 'cause' in verdict && (verdict.cause === 'not-subscribed' || verdict.cause === 'pending');
    if (!email || channel !== 'email' || !lost) continue;
    const topicArn = `${topics.responderTopicArnPrefix}${responder}`;
    missing.set(`contact:${responder}:email`, [{ responder, email, topicArn }]);
  }
  if ('value' in reading.watchers) {
    const watchers = unsubscribedWatchers(operations, reading.watchers.value).map((responder): Missing => {
      const { email = '' } = operations.responders[responder] ?? {};
      return { responder, email, topicArn: topics.watchersTopicArn };
    });
    missing.set('watchers', watchers);
  }
  return missing;
}

async function subscribeAll(
  finding: Finding,
  todo: readonly Missing[],
  { subscriptions, operations }: FixPorts,
): Promise<Finding> {
  const done: string[] = [];
  const refusals: string[] = [];
  for (const { responder, email, topicArn } of todo) {
    const asked = await ask('sns:Subscribe', () => subscriptions.subscribe(topicArn, email));
    if ('unknown' in asked) refusals.push(asked.unknown);
    else done.push(nameOf(responder, operations));
  }
  if (refusals.length > 0) {
    return { ...finding, found: `${finding.found}; could not be subscribed again, ${refusals.join(', ')}` };
  }
  const { advice: _done, ...rest } = finding;
  return {
    ...rest,
    fixed: `AWS has sent a new confirmation to ${listNames(done)}, who must confirm it within 48 hours: \`tocsin contacts confirm 'LINK'\`.`,
  };
}
