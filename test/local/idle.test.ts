import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../local/aws/schedule-expression.ts';
import { idleRuns } from '../../local/idle.ts';

const NOON_MS = Date.UTC(2026, 0, 5, 12);
const MINUTE_MS = 60_000;

const schedule = (name: string, expression: string, input?: object) => ({
  name,
  next: parseSchedule(expression),
  targetArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
  input: input && JSON.stringify(input),
});
const TICK = schedule('tocsin-tick', 'rate(1 minute)');
const CONTACTS = schedule('contacts', 'rate(5 minutes)', { audit: 'contacts' });
const DAILY = schedule('daily', 'cron(1 12 * * ? *)', { audit: 'all' });

/** The world at noon, minutes counted from there. */
function world(state: { until?: number; dueAt?: number | undefined; minute?: number } = {}) {
  const now = { minute: state.minute ?? 0, account: 'a', situationMinute: -10_000 };
  const isIdle = idleRuns({
    nowMs: () => NOON_MS + now.minute * MINUTE_MS,
    horizonMs: () => NOON_MS + (state.until ?? 1_000) * MINUTE_MS,
    earliestDueMs: () => (state.dueAt === undefined ? undefined : NOON_MS + state.dueAt * MINUTE_MS),
    accountFingerprint: () => now.account,
    situationWrittenMs: () => NOON_MS + now.situationMinute * MINUTE_MS,
  });
  return { now, isIdle };
}

describe('idleRuns', () => {
  it.each<[string, boolean, Parameters<typeof world>[0]]>([
    ['nothing is due ever', true, {}],
    ['something is due in 61 s', true, { dueAt: 1 + 1 / 60 }],
    ['something is due in 60 s', false, { dueAt: 1 }],
    ['something is overdue', false, { dueAt: -5 }],
    ['the clock stops before the next tick', false, { until: 0.5 }],
  ])('a tick when %s: idle is %s', async (_, expected, state) => {
    expect(await world(state).isIdle(TICK, [CONTACTS])).toBe(expected);
  });

  it('runs the tick that a daily audit will ask about', async () => {
    expect(await world().isIdle(TICK, [DAILY])).toBe(false);
    expect(await world({ minute: 10 }).isIdle(TICK, [DAILY])).toBe(true);
  });

  it('leaves an audit of contacts out that sees what those of the last 20 minutes saw', async () => {
    const { now, isIdle } = world();
    const idleAt = async (minute: number) => {
      now.minute = minute;
      return isIdle(CONTACTS, [TICK]);
    };
    expect(await idleAt(0)).toBe(false);
    expect(await idleAt(20)).toBe(false);
    expect(await idleAt(25)).toBe(true);
    now.account = 'b';
    expect(await idleAt(30)).toBe(false);
    expect(await idleAt(50)).toBe(false);
    expect(await idleAt(55)).toBe(true);
  });

  it('looks each time in the two hours after the situation was written: marks end in them', async () => {
    const { now, isIdle } = world();
    now.situationMinute = 0;
    await isIdle(CONTACTS, [TICK]);
    now.minute = 120;
    expect(await isIdle(CONTACTS, [TICK])).toBe(false);
    now.minute = 125;
    expect(await isIdle(CONTACTS, [TICK])).toBe(true);
  });

  it('leaves no daily audit out', async () => {
    expect(await world().isIdle(DAILY, [TICK])).toBe(false);
  });
});
