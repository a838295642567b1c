import { describe, expect, it } from 'vitest';
import { reviewStore } from '../../functions/holds/review.store.ts';
import { reviewIfProceduresChanged } from '../../functions/holds/review.ts';
import { situationStore } from '../../functions/holds/situation.store.ts';
import { WINDOWS_MOST } from '../../functions/holds/situation.ts';
import {
  endWindow,
  listWindows,
  startWindow,
  type WindowPorts,
  type WindowRequest,
} from '../../functions/holds/windows-by-hand.ts';
import { type DueMessage, keys } from '../../functions/shared/table.ts';
import { realTables, type TestTable } from '../support/real-table.ts';
import { MINUTE_MS, OPENED_AT, team } from '../support/sample-alert.ts';

const freshTable = realTables();

const weekly = {
  kind: 'weekly',
  id: 'weekly',
  hold: 'maintenance',
  match: {},
  reason: 'weekly',
  zone: 'Europe/Berlin',
  days: [0],
  from: '02:00',
  to: '04:00',
} as const;

function portsOver(table: TestTable) {
  const enqueued: DueMessage[] = [];
  let nowMs = OPENED_AT;
  const ports: WindowPorts = {
    situation: situationStore(table),
    reviews: reviewStore(table),
    due: { enqueue: async (rows) => void enqueued.push(...rows) },
    operations: { ...team, windows: [{ ...weekly, days: [0] }] },
    nowMs: () => nowMs,
  };
  return {
    ports,
    enqueued,
    to: (minute: number) => {
      nowMs = OPENED_AT + minute * MINUTE_MS;
    },
  };
}

const request = (more: Partial<WindowRequest> = {}): WindowRequest => ({
  hold: 'silenced',
  match: { service: 'checkout' },
  minutes: 120,
  reason: 'known bug',
  by: 'cli:ben',
  ...more,
});

async function started(ports: WindowPorts, more: Partial<WindowRequest> = {}) {
  const answer = await startWindow(request(more), ports);
  if (answer.kind !== 'ok') throw new Error(answer.message);
  return answer.window;
}

describe('startWindow', () => {
  it('for 120 minutes holds from now, has an id of six hex digits, and asks for a review', async () => {
    const { ports, enqueued } = portsOver(await freshTable());
    const window = await started(ports);
    expect(window).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{6}$/),
      from: OPENED_AT,
      until: OPENED_AT + 120 * MINUTE_MS,
      active: true,
      by: 'cli:ben',
    });
    expect(enqueued).toEqual([{ pk: 'review', sk: 'current', dueAt: OPENED_AT }]);
    expect((await ports.situation.read()).windows).toHaveLength(1);
  });

  it('planned for in an hour is listed as not active', async () => {
    const { ports } = portsOver(await freshTable());
    expect(await started(ports, { from: OPENED_AT + 60 * MINUTE_MS })).toMatchObject({
      active: false,
      from: OPENED_AT + 60 * MINUTE_MS,
    });
  });

  it('whose write is lost and repeated starts one', async () => {
    const table = await freshTable();
    const { ports } = portsOver(table);
    const change: typeof ports.situation.change = (edit) =>
      ports.situation.change((situation) => {
        table.loseResponses(1);
        return edit(situation);
      });
    await started({ ...ports, situation: { ...ports.situation, change } });
    table.loseResponses(0);
    expect((await ports.situation.read()).windows).toHaveLength(1);
  });

  it.each<[Partial<WindowRequest>, string]>([
    [{ match: {} }, 'a silence of everything'],
    [{ match: { labels: {} } }, 'a silence of everything'],
    [{ match: { service: '*' } }, 'a silence of everything'],
    [{ match: { service: '**', labels: { region: '?*' } } }, 'a silence of everything'],
    [{ match: { service: 'chekout' } }, "write 'checkout', the nearest of the services"],
    [{ reason: ' ' }, 'no reason'],
    [{ minutes: 0 }, '0 minutes'],
    [{ from: OPENED_AT - 2 * MINUTE_MS }, 'in the past'],
    [{ from: OPENED_AT + 367 * 24 * 60 * MINUTE_MS }, 'more than a year'],
    [
      { match: { labels: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`l${n}`, 'x'])) } },
      'more than 10 labels',
    ],
  ])('refuses %j and says why', async (more, message) => {
    const { ports, enqueued } = portsOver(await freshTable());
    expect(await startWindow(request(more), ports)).toEqual({
      kind: 'rejected',
      message: expect.stringContaining(message),
    });
    expect(enqueued).toEqual([]);
  });

  it('takes a maintenance of everything, and a service by a pattern', async () => {
    const { ports } = portsOver(await freshTable());
    await started(ports, { hold: 'maintenance', match: {} });
    await started(ports, { match: { service: 'shop-*' } });
    expect((await ports.situation.read()).windows).toHaveLength(2);
  });

  it(`takes ${WINDOWS_MOST}, refuses one more, and takes it when the first have ended`, async () => {
    const { ports, to } = portsOver(await freshTable());
    for (let n = 0; n < WINDOWS_MOST; n++) await started(ports, { minutes: n < 10 ? 5 : 600 });
    expect(await startWindow(request(), ports)).toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining(`${WINDOWS_MOST} windows`),
    });
    to(5);
    await started(ports);
    expect((await ports.situation.read()).windows).toHaveLength(WINDOWS_MOST - 9);
  });
});

describe('endWindow', () => {
  it('ends it now, and asks for a review', async () => {
    const { ports, to } = portsOver(await freshTable());
    const { id } = await started(ports);
    to(30);
    expect(await endWindow({ id, by: 'cli:ana' }, ports)).toMatchObject({
      kind: 'ok',
      window: { id, until: OPENED_AT + 30 * MINUTE_MS, active: false },
    });
    expect(await ports.reviews.read()).toMatchObject({ asked: 2 });
    expect((await ports.situation.read()).windows).toEqual([]);
  });

  it('of one in operations.ts says where to change it', async () => {
    const { ports } = portsOver(await freshTable());
    expect(await endWindow({ id: 'weekly', by: 'cli:ana' }, ports)).toEqual({
      kind: 'conflict',
      message: "'weekly' stands in operations.ts, and ends by itself: change it there and deploy",
    });
  });

  it('of one that there is not, or that has ended, says so', async () => {
    const { ports, to } = portsOver(await freshTable());
    const { id } = await started(ports, { minutes: 1 });
    to(1);
    expect(await endWindow({ id, by: 'cli:ana' }, ports)).toMatchObject({ kind: 'not-found' });
    expect(await endWindow({ id: 'abcdef', by: 'cli:ana' }, ports)).toMatchObject({ kind: 'not-found' });
  });

  it('tried again after the table failed halfway has the alerts reviewed', async () => {
    const { ports } = portsOver(await freshTable());
    const { id } = await started(ports);
    const down = { ...ports.reviews, ask: () => Promise.reject(new Error('throttled')) };
    await expect(endWindow({ id, by: 'cli:ana' }, { ...ports, reviews: down })).rejects.toThrow('throttled');
    await endWindow({ id, by: 'cli:ana' }, ports);
    expect(await ports.reviews.read()).toMatchObject({ asked: 2 });
  });
});

describe('listWindows', () => {
  it('lists those of the file beside those by hand, the earliest first, and none that is over', async () => {
    const { ports, to } = portsOver(await freshTable());
    await started(ports, { minutes: 1, reason: 'short' });
    await started(ports, { from: OPENED_AT + 30 * 24 * 60 * MINUTE_MS, reason: 'later' });
    await started(ports, { reason: 'known bug' });
    to(1);
    const { windows } = await listWindows(ports);
    expect(windows.map(({ reason, active, by }) => [reason, active, by])).toEqual([
      ['known bug', true, 'cli:ben'],
      ['weekly', false, undefined],
      ['later', false, 'cli:ben'],
    ]);
    expect(windows[1]).toMatchObject({ from: Date.parse('2026-11-29T01:00Z') });
  });
});

describe('reviewIfProceduresChanged', () => {
  it('asks for a review once for each change of windows or inhibitions', async () => {
    const { ports, enqueued } = portsOver(await freshTable());
    expect(await reviewIfProceduresChanged(ports)).toBe(true);
    expect(await reviewIfProceduresChanged(ports)).toBe(false);
    const changed = { ...ports, operations: { ...ports.operations, windows: [] } };
    expect(await reviewIfProceduresChanged(changed)).toBe(true);
    expect(await reviewIfProceduresChanged(changed)).toBe(false);
    const inhibitions = [{ while: { severity: 'critical' as const }, hold: {}, equal: [] }];
    expect(
      await reviewIfProceduresChanged({ ...changed, operations: { ...changed.operations, inhibitions } }),
    ).toBe(true);
    expect(await ports.reviews.read()).toMatchObject({ asked: 3 });
    // By then the last function of the deploy before is gone.
    const laterMs = OPENED_AT + 10 * MINUTE_MS;
    expect(enqueued).toContainEqual({ ...keys.reviewAgain(laterMs), dueAt: laterMs });
  });
});
