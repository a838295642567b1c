/** What `cdk deploy` does to a world that stands: its functions, roles and topics become those of another assembly. */
import { type Role, readRoles } from './aws/policies.ts';
import type { Queue } from './aws/queue.ts';
import type { Subscriptions } from './aws/subscriptions.ts';
import type { Topic } from './aws/topics.ts';
import type { Clock } from './clock.ts';
import type { Functions } from './functions/functions.ts';
import type { Assembly } from './template.ts';
import type { Place } from './template-attributes.ts';
import { readFunctions } from './wire.ts';
import { readSubscriptions, readTopics } from './wire-topics.ts';

/** What stands; roles and topics are changed in place. */
type Standing = {
  clock: Clock;
  place: Place;
  roles: Map<string, Role>;
  topics: Topic[];
  queues: readonly Queue[];
  subscriptions: Subscriptions;
  functions: Functions;
};

/** CloudFormation makes what is new first, and takes away what is left over last: when `untilMs` has come. */
export function deployer({ clock, place, roles, topics, queues, subscriptions, functions }: Standing) {
  return (next: Assembly, untilMs: number): void => {
    for (const [arn, role] of readRoles(next.resources)) roles.set(arn, role);
    const wanted = new Map(readTopics(next).map((topic) => [topic.arn, topic]));
    const standing = new Set(topics.map(({ arn }) => arn));
    topics.push(...[...wanted.values()].filter(({ arn }) => !standing.has(arn)));
    subscriptions.declare(readSubscriptions(next, queues, place));
    functions.deploy(readFunctions(next), untilMs);
    clock.at(untilMs, 'arrival', () => {
      topics.splice(0, topics.length, ...topics.filter(({ arn }) => wanted.has(arn)));
    });
  };
}
