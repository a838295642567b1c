import { describe, expect, it } from 'vitest';
import { alertStore } from '../../functions/alerts/alert.store.ts';
import type { Alert } from '../../functions/alerts/alert.ts';
import { slotStore } from '../../functions/paging/slot.store.ts';
import { type DueMessage, feedOf, keys, shardOf } from '../../functions/shared/table.ts';
import { type OpenAlerts, openAlerts } from '../../functions/watchers/open-alerts.store.ts';
import { slotTurns } from '../../functions/watchers/slot-turn.store.ts';
import { type Walk, walkAlerts } from '../../functions/watchers/walk-alerts.ts';
import { memoryTableWith, type TestTable } from '../support/real-table.ts';
import { minutesIn, sampleAlert, samplePage, team } from '../support/sample-alert.ts';

const id = (n: number) => n.toString(16).padStart(16, '0');

/** As the store writes it. */
function itemOf(alert: Alert): Record<string, unknown> {
  const key = keys.alert(alert.id);
  return {
    ...alert,
    ...key,
    feed: feedOf('open', key.pk),
    feedAt: alert.openedAt,
    ...(alert.dueAt === undefined ? {} : { dueShard: shardOf(key.pk) }),
  };
}

function walker(
  table: TestTable,
  minute: number,
  { refuse = false, open = openAlerts(table) }: { refuse?: boolean; open?: OpenAlerts } = {},
) {
  const handed: DueMessage[] = [];
  const ports = {
    open,
    alerts: alertStore(table),
    slots: slotStore(table),
    turns: slotTurns(table),
    due: {
      async enqueue(rows: readonly DueMessage[]) {
        if (refuse) throw new Error('SQS refused');
        handed.push(...rows);
      },
    },
    nowMs: () => minutesIn(minute),
  };
  return { handed, walk: (from?: Walk['next']) => walkAlerts(from, ports, team) };
}

const armed = (n: number, changes: Partial<Alert> = {}) =>
  sampleAlert({ id: id(n), dueAt: minutesIn(15), ...changes });

describe('walkAlerts', () => {
  it('looks at nothing when nothing is open', async () => {
    const { walk } = walker(await memoryTableWith([]), 5);
    expect(await walk()).toEqual({ looked: 0, lagMs: 0, findings: [], next: undefined });
  });

  it('hands one over that is late, writes one anew that nothing would wake, and leaves the others alone', async () => {
    const table = await memoryTableWith(
      [armed(1), armed(2, { dueAt: minutesIn(10) }), sampleAlert({ id: id(3) })].map(itemOf),
    );
    const { walk, handed } = walker(table, 14);
    const { findings, lagMs, looked } = await walk();
    expect({ looked, lagMs }).toEqual({ looked: 3, lagMs: 240_000 });
    expect(findings.map(({ what, isPutRight }) => [what, isPutRight]).sort()).toEqual([
      [id(2), true],
      [id(3), true],
    ]);
    expect(handed.sort((a, b) => a.dueAt - b.dueAt)).toEqual([
      { ...keys.alert(id(2)), dueAt: minutesIn(10) },
      { ...keys.alert(id(3)), dueAt: minutesIn(15) },
    ]);
    expect(await alertStore(table).read(id(3))).toMatchObject({ version: 4, dueAt: minutesIn(15) });
    expect(await alertStore(table).read(id(1))).toMatchObject({ version: 3 });
  });

  it('says that it could not put right what the queue refuses, and what cannot be read, and goes on to the others', async () => {
    const table = await memoryTableWith([
      itemOf(armed(1, { dueAt: minutesIn(10) })),
      { ...itemOf(armed(2)), status: 'asleep' },
      itemOf(armed(3)),
    ]);
    const { findings, looked } = await walker(table, 14, { refuse: true }).walk();
    expect(looked).toBe(3);
    expect(findings.map(({ what, isPutRight }) => [what, isPutRight]).sort()).toEqual([
      [id(1), false],
      [id(2), false],
    ]);
  });

  it('looks at 250 open alerts of all shards, each once', async () => {
    const table = await memoryTableWith(Array.from({ length: 250 }, (_, n) => itemOf(armed(n))));
    expect(await walker(table, 5).walk()).toEqual({ looked: 250, lagMs: 0, findings: [], next: undefined });
  });

  it('looks at 10,000 open alerts in 4 runs, and goes on where it stood', async () => {
    const alert = armed(1);
    const open: OpenAlerts = {
      walk: async ({ shard }) => ({
        ids: Array.from({ length: 100 }, () => alert.id),
        next: shard < 99 ? { shard: shard + 1 } : undefined,
      }),
      read: async (ids) => ids.map((one) => ({ id: one, alert })),
    };
    const { walk } = walker(await memoryTableWith([]), 5, { open });
    const looked: number[] = [];
    let next: Walk['next'];
    do {
      const run = await walk(next);
      looked.push(run.looked);
      next = run.next;
    } while (next);
    expect(looked).toEqual([2_500, 2_500, 2_500, 2_500]);
  });

  it('gives the line of a contact a turn that has none, and hands one over that nobody took', async () => {
    const waits = (n: number, channel: 'sms' | 'email') =>
      armed(n, {
        pages: [samplePage({ status: 'waiting', channel, notBefore: minutesIn(13) })],
        dueAt: minutesIn(13),
      });
    const row = (n: number, channel: string) => ({
      ...keys.waiting('ana', channel, { alertId: id(n), pageId: '1', owedAt: minutesIn(3), isNotice: false }),
      alertId: id(n),
      pageId: '1',
      attempt: 1,
      owedAt: minutesIn(3),
      isNotice: false,
      putAt: minutesIn(3),
    });
    const slot = (channel: string, dueAt?: number) => ({
      ...keys.slot('ana', channel),
      version: 1,
      ...(dueAt && { dueAt, dueShard: shardOf(keys.slot('ana', channel).pk) }),
    });
    const table = await memoryTableWith([
      ...[waits(1, 'sms'), waits(2, 'email')].map(itemOf),
      ...[row(1, 'sms'), row(2, 'email')],
      ...[slot('sms'), slot('email', minutesIn(4))],
    ]);
    const { walk, handed } = walker(table, 7);
    const { findings } = await walk();
    expect(findings.map(({ what, isPutRight }) => [what, isPutRight]).sort()).toEqual([
      ['the line of ana (email)', true],
      ['the line of ana (sms)', true],
    ]);
    expect(handed.sort((a, b) => a.dueAt - b.dueAt)).toEqual([
      { ...keys.slot('ana', 'email'), dueAt: minutesIn(4) },
      { ...keys.slot('ana', 'sms'), dueAt: minutesIn(7) },
    ]);
    expect(await slotStore(table).read({ responder: 'ana', channel: 'sms' })).toMatchObject({
      dueAt: minutesIn(7),
    });
  });

  it('says of a line whose turn fails again and again that it is not right, and leaves its turn alone', async () => {
    const waiting = armed(1, {
      pages: [samplePage({ status: 'waiting', channel: 'sms', notBefore: minutesIn(13) })],
      dueAt: minutesIn(13),
    });
    const slot = { ...keys.slot('ana', 'sms'), version: 1, dueAt: minutesIn(12), stuck: 'no such template' };
    const { walk, handed } = walker(await memoryTableWith([itemOf(waiting), slot]), 7);
    const { findings } = await walk();
    expect(findings).toMatchObject([
      {
        what: 'the line of ana (sms)',
        why: expect.stringContaining('its turn fails: no such template'),
        isPutRight: false,
      },
    ]);
    expect(handed).toEqual([]);
  });
});
