import fc from 'fast-check';
import { expect, it } from 'vitest';
import { giveAnswer } from '../../functions/console/give-answer.ts';
import { alertId } from '../../functions/shared/table.ts';
import { pagingRig } from '../support/paging-rig.ts';
import { memoryTableOfTest } from '../support/real-table.ts';
import { MINUTE_MS, START_MS } from '../support/story.ts';
import { MODEL_RUNS } from './model-runs.ts';

const SECOND_MS = 1_000;
const LASTS_SECONDS = 420;

/** At that second a warning opens, which goes to Ana by email; or one of them is answered. */
type Happening =
  | { second: number; do: 'opens' }
  | { second: number; do: 'acknowledge' | 'snooze'; which: number };

const second = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 5 }).map((n) => n * 60),
);
const story: fc.Arbitrary<Happening[]> = fc
  .uniqueArray(
    fc.oneof(
      { weight: 2, arbitrary: fc.record({ second, do: fc.constant('opens' as const) }) },
      {
        weight: 1,
        arbitrary: fc.record({ second, do: fc.constantFrom('acknowledge', 'snooze'), which: fc.nat(20) }),
      },
    ),
    { minLength: 1, maxLength: 20, size: 'max', selector: (one) => one.second },
  )
  .map((all) => all.sort((a, b) => a.second - b.second));

/**
 * A queue at a counter: who comes while it is free is served alone; the others wait, and sixty seconds after the last message
 * all who still wait are told in one. Whoever was answered meanwhile has left.
 * @returns `61: 2 3`, a line per message
 */
function messagesOfModel(happenings: readonly Happening[]): string[] {
  const messages: string[] = [];
  let opened = 0;
  let freeFrom = 0;
  let waiting: number[] = [];
  const tell = (second: number, alerts: number[]) => {
    if (alerts.length === 0) return;
    messages.push(`${second}: ${alerts.join(' ')}`);
    freeFrom = second + 60;
  };
  for (let second = 0; second <= LASTS_SECONDS; second++) {
    const now = happenings.find((one) => one.second === second);
    if (now?.do === 'opens') waiting.push(opened++);
    else if (now) waiting = waiting.filter((alert) => alert !== now.which);
    if (second < freeFrom) continue;
    tell(second, waiting);
    waiting = [];
  }
  return messages;
}

async function messagesOfTocsin(happenings: readonly Happening[]): Promise<string[]> {
  const rig = pagingRig(await memoryTableOfTest());
  const names: string[] = [];
  for (const one of happenings) {
    const minute = (one.second * SECOND_MS) / MINUTE_MS;
    if (one.do === 'opens') {
      const name = `alert-${names.length}`;
      names.push(name);
      await rig.signal(minute, name, 'alarm', { severity: 'warning' });
    } else if (names[one.which] !== undefined) {
      await rig.justTo(minute);
      const snooze = { until: rig.at() + 60 * MINUTE_MS };
      await giveAnswer(alertId(names[one.which]!), one.do, 'ana', rig.ports, { snooze });
    }
  }
  await rig.runTo((LASTS_SECONDS * SECOND_MS) / MINUTE_MS);
  expect({ failures: rig.failures, warnings: rig.warnings }).toEqual({ failures: [], warnings: [] });
  const numbers = new Map(names.map((name, n) => [alertId(name), n]));
  return Promise.all(
    rig.sent.map(async ({ at, body }) => {
      const link = await rig.ports.links.read(/\/a\/([\w-]{22})/.exec(body)![1]!);
      const alerts = link!.alerts.map(({ id }) => numbers.get(id)!).sort((a, b) => a - b);
      return `${Math.round((at - START_MS) / SECOND_MS)}: ${alerts.join(' ')}`;
    }),
  );
}

it('a contact is told as at a counter: one message a minute, of all who wait and are unanswered, as soon as it may be', async () => {
  let bundles = 0;
  const property = fc.asyncProperty(story, async (happenings) => {
    const expected = messagesOfModel(happenings);
    expect(await messagesOfTocsin(happenings)).toEqual(expected);
    bundles += expected.filter((message) => message.includes(' ', message.indexOf(' ') + 1)).length;
  });
  await fc.assert(property, { ...MODEL_RUNS, numRuns: Math.ceil(MODEL_RUNS.numRuns / 10) });
  expect(bundles).toBeGreaterThan(10);
});
