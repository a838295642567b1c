import { describe, expect, it } from 'vitest';
import { copyInhibitors } from '../../functions/holds/find-inhibitor.ts';
import { requestReview } from '../../functions/holds/review.ts';
import { endWindow, startWindow, type WindowRequest } from '../../functions/holds/windows-by-hand.ts';
import { writeOwnMessage } from '../../functions/intake/own-signal.ts';
import { receive } from '../../functions/intake/receive.ts';
import type { Signal } from '../../functions/intake/signal.ts';
import type { Inhibition, Operations } from '../../functions/operations/operations.ts';
import { alertId, keys } from '../../functions/shared/table.ts';
import { pagingRig, type Rig } from '../support/paging-rig.ts';
import { memoryTableOfTest, realTables } from '../support/real-table.ts';
import { MINUTE_MS, START_MS } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';

const freshTable = realTables();

/** As it comes from the queue: by its route, the situation and what explains it. */
async function signal(
  rig: Rig,
  minute: number,
  key: string,
  state: Signal['state'],
  more: Partial<Signal> = {},
) {
  await rig.justTo(minute);
  const body = writeOwnMessage({
    signal: {
      dedupKey: key,
      source: { kind: 'cli', key, by: 'cli:ana' },
      state,
      at: rig.at(),
      detail: { title: key },
      ...more,
    },
  });
  return receive(body, rig.ports);
}

const request = (more: Partial<WindowRequest> = {}): WindowRequest => ({
  hold: 'maintenance',
  match: {},
  minutes: 60,
  reason: 'new database',
  by: 'cli:ben',
  ...more,
});

async function start(rig: Rig, minute: number, more: Partial<WindowRequest> = {}): Promise<string> {
  await rig.justTo(minute);
  const answer = await startWindow(request(more), rig.ports);
  if (answer.kind !== 'ok') throw new Error(answer.message);
  return answer.window.id;
}

const holdsOf = async (rig: Rig, key: string) => Object.keys((await rig.alert(key)).holds);

describe('maintenance started by hand', () => {
  it('holds the alerts that are open within seconds, and the very next one', async () => {
    const rig = pagingRig(await freshTable());
    await signal(rig, 0, 'cpu', 'alarm');
    await start(rig, 5);
    await rig.runTo(5.1);
    expect(await holdsOf(rig, 'cpu')).toEqual(['maintenance']);
    await signal(rig, 6, 'disk', 'alarm');
    expect(await holdsOf(rig, 'disk')).toEqual(['maintenance']);
    await rig.runTo(64);
    expect(rig.messages().sort()).toEqual(['0:00 ana email', '0:00 ana sms']);
  });

  it('ended by hand lets them go on at once: disk at level 1, cpu 10 minutes later at level 2', async () => {
    const rig = pagingRig(await freshTable());
    await signal(rig, 0, 'cpu', 'alarm');
    const id = await start(rig, 5);
    await signal(rig, 6, 'disk', 'alarm');
    await rig.justTo(20);
    await endWindow({ id, by: 'cli:ben' }, rig.ports);
    await rig.runTo(29.9);
    const levels = async (key: string) =>
      (await rig.alert(key)).pages.map(({ level, after }) => [level, after]);
    expect(await levels('disk')).toEqual([
      [1, 'maintenance'],
      [1, 'maintenance'],
    ]);
    expect(await levels('cpu')).toHaveLength(2);
    await rig.runTo(30.1);
    expect(await levels('cpu')).toHaveLength(4);
  });

  it('planned for minute 10 begins then by itself, for alerts that were open when it was planned', async () => {
    const rig = pagingRig(await freshTable());
    await signal(rig, 0, 'cpu', 'alarm');
    await start(rig, 5, { from: START_MS + 10 * MINUTE_MS });
    await rig.runTo(9.9);
    expect(await holdsOf(rig, 'cpu')).toEqual([]);
    await rig.runTo(10.1);
    expect(await holdsOf(rig, 'cpu')).toEqual(['maintenance']);
    await rig.runTo(69);
    expect(rig.messages()).toHaveLength(2);
  });

  it('leaves alone what it does not match', async () => {
    const rig = pagingRig(await freshTable());
    await signal(rig, 0, 'cpu', 'alarm', { labels: { cluster: 'eu' } });
    await signal(rig, 1.5, 'disk', 'alarm', { labels: { cluster: 'us' } });
    const before = await rig.alert('disk');
    await start(rig, 5, { match: { labels: { cluster: 'eu' } } });
    await rig.runTo(5.5);
    expect(await holdsOf(rig, 'cpu')).toEqual(['maintenance']);
    expect((await rig.alert('disk')).version).toBe(before.version);
  });

  it('is decided without when the situation cannot be read: a page too many, and a warning', async () => {
    const rig = pagingRig(await freshTable());
    await start(rig, 0);
    const down = { ...rig.ports.situation, read: () => Promise.reject(new Error('throttled')) };
    await rig.justTo(1);
    const body = writeOwnMessage({
      signal: {
        dedupKey: 'cpu',
        source: { kind: 'cli', key: 'cpu', by: 'cli:ana' },
        state: 'alarm',
        at: rig.at(),
        detail: { title: 'cpu' },
      },
    });
    await receive(body, { ...rig.ports, situation: down });
    expect(rig.messages()).toHaveLength(2);
    expect(rig.warnings).toContain('the situation could not be read: decided by operations.ts alone');
  });
});

describe('a review', () => {
  it('of 60 open alerts holds each of them, and its row is due no more', async () => {
    const rig = pagingRig(await memoryTableOfTest());
    for (let n = 0; n < 60; n++) await signal(rig, n / 1000, `cpu-${n}`, 'alarm', { severity: 'warning' });
    await start(rig, 2);
    await rig.runTo(2.1);
    const alerts = await Promise.all(Array.from({ length: 60 }, (_, n) => holdsOf(rig, `cpu-${n}`)));
    expect(alerts.filter((holds) => holds[0] !== 'maintenance')).toEqual([]);
    expect(await rig.ports.reviews.read()).toEqual({ asked: 1 });
  });

  it('asked for again in the middle is followed by another, and none is left out', async () => {
    const rig = pagingRig(await memoryTableOfTest());
    for (let n = 0; n < 40; n++) await signal(rig, n / 1000, `cpu-${n}`, 'alarm', { severity: 'warning' });
    const id = await start(rig, 2);
    let asked = false;
    const open = rig.ports.reviews.open;
    rig.ports.reviews.open = async (cursor, limit) => {
      if (cursor.shard === 4 && !asked) {
        asked = true;
        await endWindow({ id, by: 'cli:ben' }, rig.ports);
      }
      return open(cursor, limit);
    };
    await rig.runTo(2.2);
    expect(asked).toBe(true);
    const alerts = await Promise.all(Array.from({ length: 40 }, (_, n) => holdsOf(rig, `cpu-${n}`)));
    expect(alerts.filter((holds) => holds.length > 0)).toEqual([]);
    expect(await rig.ports.reviews.read()).toEqual({ asked: 2 });
  });

  it('goes on past an alert whose row cannot be read, and warns', async () => {
    const table = await freshTable();
    const rig = pagingRig(table);
    await signal(rig, 0, 'cpu', 'alarm');
    await signal(rig, 0.1, 'disk', 'alarm');
    await table.client.update({
      TableName: table.name,
      Key: keys.alert(alertId('disk')),
      UpdateExpression: 'SET #pages = :broken REMOVE dueAt',
      ExpressionAttributeNames: { '#pages': 'pages' },
      ExpressionAttributeValues: { ':broken': 'none' },
    });
    await start(rig, 2);
    await rig.runTo(2.1);
    expect(await holdsOf(rig, 'cpu')).toEqual(['maintenance']);
    expect(rig.warnings).toContain(`alert ${alertId('disk')} could not be reviewed`);
    expect(await rig.ports.reviews.read()).toEqual({ asked: 1 });
  });

  it('asked for 40 times while it walks makes two walks of it', async () => {
    const rig = pagingRig(await memoryTableOfTest());
    for (let n = 0; n < 30; n++) await signal(rig, n / 1000, `cpu-${n}`, 'alarm', { severity: 'warning' });
    await rig.justTo(2.5);
    let turns = 0;
    const open = rig.ports.reviews.open;
    rig.ports.reviews.open = async (cursor, limit) => {
      turns += 1;
      if (turns <= 8) for (let n = 0; n < 5; n++) await requestReview(rig.ports);
      return open(cursor, limit);
    };
    await requestReview(rig.ports);
    await rig.runTo(2.7);
    expect(turns).toBe(16);
    expect(await rig.ports.reviews.read()).toEqual({ asked: 41 });
  });

  it('that crashes in the middle of a turn comes back and ends', async () => {
    const rig = pagingRig(await freshTable());
    await signal(rig, 0, 'cpu', 'alarm');
    await start(rig, 2);
    let crashes = 3;
    const goOn = rig.ports.reviews.goOn;
    rig.ports.reviews.goOn = async (...args) => {
      if (crashes-- > 0) throw Object.assign(new Error('throttled'), { $metadata: {} });
      return goOn(...args);
    };
    await rig.runTo(2.5);
    expect(crashes).toBeLessThan(0);
    expect(await holdsOf(rig, 'cpu')).toEqual(['maintenance']);
    expect(await rig.ports.reviews.read()).toEqual({ asked: 1 });
  });

  it('with nothing open ends after its eight shards', async () => {
    const rig = pagingRig(await freshTable());
    await requestReview(rig.ports);
    await rig.runTo(0.1);
    expect(await rig.ports.reviews.read()).toEqual({ asked: 1 });
  });
});

describe('inhibition', () => {
  const rule: Inhibition = {
    while: { labels: { alertname: 'ClusterDown' } },
    hold: { severity: 'critical' },
    equal: ['cluster'],
  };
  const operations: Operations = { ...fourLevels, inhibitions: [rule] };
  const down = (cluster: string) => ({ labels: { alertname: 'ClusterDown', cluster } });
  const pod = (cluster: string) => ({ labels: { alertname: 'PodDown', cluster } });

  it('holds what opens while the other fires, in its cluster alone; at its end level 1 is paged', async () => {
    const rig = pagingRig(await freshTable(), { operations });
    await signal(rig, 0, 'eu-down', 'alarm', down('eu'));
    await signal(rig, 1.5, 'eu-pod', 'alarm', pod('eu'));
    await signal(rig, 3, 'us-pod', 'alarm', pod('us'));
    expect((await rig.alert('eu-pod')).holds.inhibited).toMatchObject({ by: alertId('eu-down') });
    expect(await holdsOf(rig, 'us-pod')).toEqual([]);
    await signal(rig, 10, 'eu-down', 'ok', down('eu'));
    await rig.runTo(14.9);
    expect((await rig.alert('eu-pod')).pages).toEqual([]);
    await rig.runTo(15.5);
    expect((await rig.alert('eu-pod')).pages).toMatchObject([
      { level: 1, after: 'inhibited' },
      { level: 1, after: 'inhibited' },
    ]);
  });

  it('holds within seconds what was open before, and stops its clock: level 2 is not paged at 15', async () => {
    const rig = pagingRig(await freshTable(), { operations });
    await signal(rig, 0, 'eu-pod', 'alarm', pod('eu'));
    await signal(rig, 5, 'eu-down', 'alarm', down('eu'));
    await rig.runTo(5.1);
    expect(await holdsOf(rig, 'eu-pod')).toEqual(['inhibited']);
    await rig.runTo(16);
    expect(await rig.alert('eu-pod')).toMatchObject({
      holds: { inhibited: { since: START_MS + 5 * MINUTE_MS } },
      clock: { elapsedMs: 5 * MINUTE_MS, runningSince: null },
    });
  });

  it('is not ended by an acknowledgement of the other, and is by its resolve', async () => {
    const rig = pagingRig(await freshTable(), { operations });
    await signal(rig, 0, 'eu-down', 'alarm', down('eu'));
    await signal(rig, 1, 'eu-pod', 'alarm', pod('eu'));
    await rig.answer(2, 'eu-down', 'acknowledge', 'ana');
    await rig.runTo(20);
    expect(await holdsOf(rig, 'eu-pod')).toEqual(['inhibited']);
    await rig.answer(21, 'eu-down', 'resolve', 'ana');
    await rig.runTo(22);
    expect(await holdsOf(rig, 'eu-pod')).toEqual([]);
  });

  it('does not hold what does not say its cluster', async () => {
    const rig = pagingRig(await freshTable(), { operations });
    await signal(rig, 0, 'down', 'alarm', { labels: { alertname: 'ClusterDown' } });
    await signal(rig, 1, 'pod', 'alarm', { labels: { alertname: 'PodDown' } });
    expect(await holdsOf(rig, 'pod')).toEqual([]);
  });

  it('of two that would hold each other lets the earlier page; when that resolves, the other does', async () => {
    const mutual = {
      ...fourLevels,
      inhibitions: [
        { while: { labels: { alertname: '*' } }, hold: { labels: { alertname: '*' } }, equal: ['cluster'] },
      ],
    };
    const rig = pagingRig(await freshTable(), { operations: mutual });
    await signal(rig, 0, 'a', 'alarm', pod('eu'));
    await signal(rig, 1, 'b', 'alarm', pod('eu'));
    await signal(rig, 2, 'c', 'alarm', pod('eu'));
    await rig.runTo(40);
    expect(await Promise.all(['a', 'b', 'c'].map((key) => holdsOf(rig, key)))).toEqual([
      [],
      ['inhibited'],
      ['inhibited'],
    ]);
    await rig.answer(41, 'a', 'resolve', 'ana');
    await rig.runTo(42);
    expect(await Promise.all(['b', 'c'].map((key) => holdsOf(rig, key)))).toEqual([[], ['inhibited']]);
  });

  it('by one that comes to be held itself ends: what it held is paged', async () => {
    const chain: Operations = {
      ...fourLevels,
      inhibitions: [
        {
          while: { labels: { alertname: 'RegionDown' } },
          hold: { labels: { alertname: 'ClusterDown' } },
          equal: [],
        },
        rule,
      ],
    };
    const rig = pagingRig(await freshTable(), { operations: chain });
    await signal(rig, 0, 'eu-down', 'alarm', down('eu'));
    await signal(rig, 1, 'eu-pod', 'alarm', pod('eu'));
    await signal(rig, 2, 'region', 'alarm', { labels: { alertname: 'RegionDown' } });
    await rig.runTo(16);
    expect(await Promise.all(['eu-down', 'eu-pod'].map((key) => holdsOf(rig, key)))).toEqual([
      ['inhibited'],
      [],
    ]);
  });

  it('leaves a hint once, whatever number of copies, and asks for a review when it comes and when it goes', async () => {
    const rig = pagingRig(await freshTable(), { operations });
    await signal(rig, 0, 'eu-down', 'alarm', down('eu'));
    const alert = await rig.alert('eu-down');
    for (let n = 0; n < 3; n++) await copyInhibitors(alert, rig.ports);
    const hints = async () => (await rig.items()).filter(({ pk }) => String(pk).startsWith('inhibitor#'));
    expect(await hints()).toHaveLength(1);
    for (let n = 0; n < 3; n++) await copyInhibitors({ ...alert, status: 'resolved' }, rig.ports);
    expect(await hints()).toEqual([]);
    expect(await rig.ports.reviews.read()).toMatchObject({ asked: 2 });
  });

  it('by a row that cannot be read holds nobody, and warns', async () => {
    const table = await freshTable();
    const rig = pagingRig(table, { operations });
    await signal(rig, 0, 'eu-down', 'alarm', down('eu'));
    await table.client.update({
      TableName: table.name,
      Key: keys.alert(alertId('eu-down')),
      UpdateExpression: 'SET #pages = :broken',
      ExpressionAttributeNames: { '#pages': 'pages' },
      ExpressionAttributeValues: { ':broken': 'none' },
    });
    await signal(rig, 1, 'eu-pod', 'alarm', pod('eu'));
    expect(await holdsOf(rig, 'eu-pod')).toEqual([]);
    expect(rig.warnings).toContain(`could not ask what explains alert ${alertId('eu-pod')}`);
  });
});
