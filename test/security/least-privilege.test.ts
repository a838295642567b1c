/** Every grant of every role is used by a call that the local world has recorded, or says in `lib/` why it stands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { HANDLERS } from '../../lib/bundles.ts';
import type { EditTemplate } from '../../local/template.ts';
import { callFromOutside } from '../support/from-outside.ts';
import { rehearse } from '../support/rehearsal.ts';
import { assemblyOf, type Scenario } from '../support/scenario.ts';
import { excessOf, type Granted, grantedIn, usedBy } from './grants-used.ts';
import { lostAndFound } from './lost-and-found.ts';
import { nobodyReachable } from './nobody-reachable.ts';
import { usedInSimulation } from './simulated.ts';

/** A simulated story with storms of senders, bad bodies and outages. */
const SENDERS_SEED = 8;

const NONE = { unused: [], wide: [], unneeded: [] };

/** Adds a statement to the role of the tick. */
const grantTick =
  (statement: object): EditTemplate =>
  ({ Resources }) => {
    for (const [id, { Properties }] of Object.entries(Resources)) {
      if (!/^OpsTickRoleDefaultPolicy/.test(id)) continue;
      (Properties as unknown as { PolicyDocument: { Statement: object[] } }).PolicyDocument.Statement.push({
        Effect: 'Allow',
        ...statement,
      });
    }
  };

describe('the grants of the template', () => {
  let stories: Scenario[];
  let simulated: Set<string>;
  let used: Set<string>;
  let granted: (edit?: EditTemplate) => Granted[];
  beforeAll(async () => {
    stories = [
      (await rehearse()).story,
      await callFromOutside(),
      await nobodyReachable(),
      await lostAndFound(),
    ];
    const { world } = stories[0]!;
    const scripted = usedBy(
      stories.flatMap((story) => story.world.calls),
      world.functions,
    );
    simulated = new Set(await usedInSimulation(SENDERS_SEED));
    used = new Set([...scripted, ...simulated]);
    granted = (edit) => grantedIn(assemblyOf('explained'), world.place, edit);
  }, 300_000);

  test('the stories let every function call AWS', () => {
    const called = new Set(stories.flatMap(({ world }) => world.calls.map((call) => call.function)));
    expect(Object.keys(HANDLERS).filter((bundle) => !called.has(`tocsin-${bundle}`))).toEqual([]);
  });

  test('are all used, or have a reason beside them in lib/, and no reason is idle', () => {
    expect(granted().length).toBeGreaterThan(100);
    expect(simulated.size).toBeGreaterThan(40);
    expect(excessOf(granted(), used)).toEqual(NONE);
  });

  test.each([
    [
      'sqs:PurgeQueue on a queue',
      { Action: 'sqs:PurgeQueue', Resource: 'arn:aws:sqs:eu-west-1:1:q' },
      'unused',
    ],
    ['dynamodb:Query on every table', { Action: 'dynamodb:Query', Resource: '*' }, 'wide'],
    ['every action on nothing that is used', { Action: 'dynamodb:*', Resource: '*' }, 'unused'],
    ['sqs:SendMessage on all but one queue', { Action: 'sqs:SendMessage', NotResource: 'arn:x' }, 'wide'],
  ] as const)('more is found: the tick is granted %s', (_, statement, kind) => {
    const excess = excessOf(granted(grantTick(statement)), used);
    expect(excess[kind]).toHaveLength(1);
    expect(excess[kind][0]).toMatch(/^OpsTick: /);
  });

  test('a grant is found, for each of them, when no call needs it any more', () => {
    const withoutReason = granted().filter(({ reason }) => !reason.unused);
    const missed = withoutReason.filter(
      ({ roles, action }) =>
        excessOf(granted(), new Set([...used].filter((one) => !one.startsWith(`${roles[0]} ${action} `))))
          .unused.length === 0,
    );
    expect(missed).toEqual([]);
  });

  test('every reason says why in a sentence', () => {
    const reasons = granted().flatMap(({ reason }) => Object.values(reason));
    expect(reasons.length).toBeGreaterThan(10);
    expect(reasons.filter((reason) => !/^[A-Z].{20,}\.$/.test(reason))).toEqual([]);
  });
});

describe('who may call in', () => {
  const file = join(assemblyOf('explained'), 'TocsinOperations.template.json');
  const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };
  const ofType = (type: RegExp) => Object.entries(Resources).filter(([, { Type }]) => type.test(Type));

  test('a function: only an API, a rule or a log group by its ARN', () => {
    const permissions = ofType(/^AWS::Lambda::Permission$/);
    expect(permissions.length).toBeGreaterThan(3);
    expect(permissions.filter(([, { Properties }]) => !Properties.SourceArn).map(([id]) => id)).toEqual([]);
  });

  test('a queue or a topic: only for a source that its policy names, or over TLS', () => {
    const policies = ofType(/^AWS::(SQS::QueuePolicy|SNS::TopicPolicy)$/);
    const statements = policies.flatMap(([id, { Properties }]) => {
      const { Statement } = Properties.PolicyDocument as { Statement: Record<string, unknown>[] };
      return Statement.map((one) => ({ id, ...one }) as { id: string; Effect: string; Condition?: object });
    });
    const open = statements.filter(({ Effect, Condition }) => Effect === 'Allow' && !Condition);
    expect(statements.filter(({ Effect }) => Effect === 'Allow').length).toBeGreaterThan(4);
    expect(open.map(({ id }) => id)).toEqual([]);
    const tls = statements.filter(
      ({ Effect, Condition }) => Effect === 'Deny' && JSON.stringify(Condition).includes('SecureTransport'),
    );
    expect(tls.length).toBe(ofType(/^AWS::(SQS::Queue|SNS::Topic)$/).length);
  });
});
