import { describe, expect, it } from 'vitest';
import { alertId } from '../../functions/shared/table.ts';
import { type Fault, pagingRig, type Rig } from '../support/paging-rig.ts';
import { memoryTableOfTest } from '../support/real-table.ts';

const SECOND = 1 / 60;

/** Every way of paging: at once, from the line as a bundle, a notice; and a life that ends. */
async function story(faultAt = 0, fault?: Fault): Promise<Rig> {
  const rig = pagingRig(await memoryTableOfTest(), {
    fault: (call) => (call === faultAt ? fault : undefined),
  });
  await rig.signal(0, 'cpu', 'alarm');
  await rig.signal(5 * SECOND, 'disk', 'alarm');
  await rig.signal(6 * SECOND, 'memory', 'alarm');
  await rig.signal(5, 'cpu', 'deleted');
  await rig.runTo(9);
  return rig;
}

/** `cpu sms`: what the messages sent were about, by their links. */
async function deliveries(rig: Rig): Promise<string[]> {
  const about: string[] = [];
  for (const { channel, body } of rig.sent) {
    const link = await rig.ports.links.read(/\/a\/([\w-]{22})/.exec(body)![1]!);
    for (const { id } of link!.alerts) {
      about.push(`${['cpu', 'disk', 'memory'].find((name) => alertId(name) === id)} ${channel}`);
    }
  }
  return about;
}

const PAGES = ['cpu email', 'cpu sms', 'disk email', 'disk sms', 'memory email', 'memory sms'];

/** Everybody was told, each page at most twice, and nothing is left over. */
async function expectSettled(rig: Rig): Promise<void> {
  const told = await deliveries(rig);
  expect([...new Set(told)].sort()).toEqual(PAGES);
  for (const page of PAGES) {
    // An email page of cpu and its resolved notice, and one more of each page for one fault.
    const expected = page === 'cpu email' ? 2 : 1;
    expect(told.filter((one) => one === page).length).toBeLessThanOrEqual(expected + 1);
  }
  for (const name of ['cpu', 'disk', 'memory']) {
    const { pages } = await rig.alert(name);
    expect(pages.map(({ kind, status }) => `${kind} ${status}`)).toEqual(
      name === 'cpu' ? ['page sent', 'page sent', 'notice sent'] : ['page sent', 'page sent'],
    );
  }
  const items = await rig.items();
  expect(items.filter(({ sk }) => String(sk).startsWith('waiting#'))).toEqual([]);
  expect(items.filter(({ sk }) => String(sk).startsWith('ended#'))).toHaveLength(1);
  // What is due from now on is level 2 of the two that are open.
  const due = await rig.due(Number.MAX_SAFE_INTEGER);
  expect(due.filter(({ dueAt }) => dueAt <= rig.at())).toEqual([]);
  const open = ['disk', 'memory'].map((name) => `alert#${alertId(name)}`);
  expect(due.map(({ pk }) => pk).sort()).toEqual(open.sort());
}

const { calls } = await story();
const places = calls.map((name, n) => ({ call: n + 1, name }));

describe('a fault at any of the calls of a story with 3 alerts', () => {
  it('the story without a fault has 5 messages for 3 alerts', async () => {
    const rig = await story();
    expect(rig.messages()).toEqual([
      '0:00 ana sms',
      '0:00 ana email',
      '1:00 ana sms',
      '1:00 ana email',
      '5:00 ana email',
    ]);
    await expectSettled(rig);
  });

  it.each(places)('loses nothing when the worker dies after call $call, $name', async ({ call }) => {
    const rig = await story(call, { at: 'after', worker: 'dies' });
    expect(rig.failures).toHaveLength(1);
    await expectSettled(rig);
  });

  it.each(places)('loses nothing when the answer to call $call, $name, is lost', async ({ call }) => {
    await expectSettled(await story(call, { at: 'after', worker: 'lives' }));
  });
});

describe('a crash of a worker that has given the slot back', () => {
  const settling = calls.flatMap((call, n) => (call === 'alerts.write' ? [n + 1] : []));

  it.each(settling)('at call %i, a write of an alert, sends nothing twice', async (call) => {
    const rig = await story(call, { at: 'before', worker: 'dies' });
    const told = await deliveries(rig);
    expect(told.sort()).toEqual([...PAGES, 'cpu email'].sort());
  });
});
