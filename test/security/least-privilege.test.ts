/** Every grant of every role is used by a call that the local world has recorded, or says in `lib/` why it stands. */
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

/** Adds a statement to the role of a function. */
const grantMore =
  (construct: string, statement: object): EditTemplate =>
  ({ Resources }) => {
    for (const [id, { Properties }] of Object.entries(Resources)) {
      if (!id.startsWith(`${construct}RoleDefaultPolicy`)) continue;
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
    ['OpsTick', { Action: 'sqs:PurgeQueue', Resource: 'arn:aws:sqs:eu-west-1:1:q' }, ['unused']],
    ['OpsTick', { Action: 'dynamodb:Query', Resource: '*' }, ['wide']],
    ['OpsTick', { Action: 'dynamodb:*', Resource: '*' }, ['unused', 'wide']],
    ['OpsTick', { Action: 'sqs:SendMessage', NotResource: 'arn:x' }, ['wide']],
    // Of these actions page holds a reason, for other resources.
    ['OpsPaging', { Action: 'sns:Publish', Resource: '*' }, ['wide']],
    ['OpsPaging', { Action: 'sns:Publish', Resource: 'arn:*:sns:*:*:*' }, ['wide']],
    ['OpsPaging', { Action: 'sqs:ReceiveMessage', Resource: 'arn:aws:sqs:eu-west-1:1:q' }, ['unused']],
    ['OpsPaging', { Action: 'logs:PutLogEvents', Resource: '*' }, ['unused', 'wide']],
  ] as const)('more is found: %s is granted %j', (construct, statement, kinds) => {
    const { Action, Resource, NotResource } = { Resource: undefined, NotResource: undefined, ...statement };
    const said = `${construct}: ${Action} on ${NotResource ? `all but ${NotResource}` : Resource}`;
    const found = Object.fromEntries(kinds.map((kind) => [kind, [said]]));
    expect(excessOf(granted(grantMore(construct, statement)), used)).toEqual({ ...NONE, ...found });
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
    const reasons = granted().flatMap(({ reason: { unused, wide } }) => [unused ?? [], wide ?? []].flat());
    expect(reasons.length).toBeGreaterThan(10);
    expect(reasons.filter((reason) => !/^[A-Z].{20,}\.$/.test(reason))).toEqual([]);
  });
});
