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
const SECOND_TICK = schedule('tocsin-second-tick', 'rate(2 minutes)');
const ESCALATIONS = schedule('tocsin-escalation-audit', 'rate(5 minutes)');
const DAILY = schedule('daily', 'cron(1 12 * * ? *)', { audit: 'all' });

/** The world at noon, minutes counted from there. */
function world(state: { until?: number; dueAt?: number | undefined; minute?: number } = {}) {
  const now = {
    minute: state.minute ?? 0,
    account: 'a',
    writtenMinute: -10_000,
    unsettled: false,
    quiet: true,
    letters: false,
  };
  const isIdle = idleRuns({
    nowMs: () => NOON_MS + now.minute * MINUTE_MS,
    horizonMs: () => NOON_MS + (state.until ?? 1_000) * MINUTE_MS,
    earliestDueMs: () => (state.dueAt === undefined ? undefined : NOON_MS + state.dueAt * MINUTE_MS),
    accountFingerprint: () => now.account,
    audits: {
      situationWrittenMs: () => NOON_MS + now.writtenMinute * MINUTE_MS,
      isUnsettled: () => now.unsettled,
    },
    escalations: { isQuiet: () => now.quiet },
    hasDeadLetters: () => now.letters,
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

  it('leaves an audit of contacts out while it would see what the last one saw', async () => {
    const { now, isIdle } = world();
    expect(await isIdle(CONTACTS, [TICK])).toBe(false);
    now.minute = 5;
    expect(await isIdle(CONTACTS, [TICK])).toBe(true);
    now.account = 'b';
    expect(await isIdle(CONTACTS, [TICK])).toBe(false);
    now.minute = 10;
    expect(await isIdle(CONTACTS, [TICK])).toBe(true);
  });

  it('looks once more after the situation was written, and each time while the rows are unsettled', async () => {
    const { now, isIdle } = world();
    await isIdle(CONTACTS, [TICK]);
    now.writtenMinute = 5;
    now.minute = 5;
    expect(await isIdle(CONTACTS, [TICK])).toBe(false);
    now.minute = 10;
    expect(await isIdle(CONTACTS, [TICK])).toBe(true);
    now.unsettled = true;
    expect(await isIdle(CONTACTS, [TICK])).toBe(false);
  });

  it('runs the second tick when something is due before its next run, and no tick for its sake', async () => {
    expect(await world({ dueAt: 2 }).isIdle(SECOND_TICK, [TICK])).toBe(false);
    expect(await world({ dueAt: 2 + 1 / 60 }).isIdle(SECOND_TICK, [TICK])).toBe(true);
    expect(await world().isIdle(TICK, [SECOND_TICK, ESCALATIONS])).toBe(true);
  });

  it('leaves an escalation audit out while nothing has changed, nothing is 2 minutes late and no letter is dead', async () => {
    const { now, isIdle } = world({ dueAt: -2 });
    expect(await isIdle(ESCALATIONS, [])).toBe(true);
    now.quiet = false;
    expect(await isIdle(ESCALATIONS, [])).toBe(false);
    Object.assign(now, { quiet: true, letters: true });
    expect(await isIdle(ESCALATIONS, [])).toBe(false);
    expect(await world({ dueAt: -2.1 }).isIdle(ESCALATIONS, [])).toBe(false);
  });

  it('leaves no daily audit out', async () => {
    expect(await world().isIdle(DAILY, [TICK])).toBe(false);
  });
});
