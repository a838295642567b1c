import { describe, expect, it } from 'vitest';
import type { Alert } from '../../functions/alerts/alert.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import { judgeAlert } from '../../functions/watchers/judge-alert.ts';
import { mendAlert } from '../../functions/watchers/mend-alert.ts';
import {
  acknowledged,
  MINUTE_MS,
  minutesIn,
  resolved,
  sampleAlert,
  samplePage,
  team,
} from '../support/sample-alert.ts';

/** The sample's level 2 is due 15 minutes after it opened. */
const armed = (changes: Partial<Alert> = {}) => sampleAlert({ dueAt: minutesIn(15), ...changes });
const judge = (alert: Alert, minute: number, operations = team) =>
  judgeAlert(alert, operations, minutesIn(minute));

const withSteps = (afterMinutes: number[]): Operations => ({
  ...team,
  escalation: {
    ...team.escalation,
    critical: {
      ...team.escalation.critical,
      steps: afterMinutes.map((after, n) => ({
        level: Math.min(n + 1, 2),
        afterMinutes: after,
        channels: ['sms', 'email'],
      })),
    },
  },
});

const claimed = samplePage({ id: '3', status: 'sending', claim: { version: 3, until: minutesIn(5) } });
const waiting = samplePage({ id: '3', status: 'waiting', notBefore: minutesIn(5) });
const owed = samplePage({ id: '3', status: 'owed', owedAt: minutesIn(5) });
const inLine = samplePage({ id: '3', status: 'waiting', owedAt: minutesIn(5) });
const { settledAt: _, ...unsettled } = owed;

describe('judgeAlert', () => {
  it.each<[string, Alert, number]>([
    ['whose level 2 is due in a minute', armed(), 14],
    ['whose level 2 has been due for 2 minutes', armed(), 17],
    ['that is resolved, whatever its dueAt', armed(resolved('alarm', 1)), 500],
    [
      'that is acknowledged, with its reminder ahead',
      armed({ ...acknowledged('ana', 5), dueAt: minutesIn(65) }),
      60,
    ],
    [
      'that informs, and is never due',
      sampleAlert({ severity: 'info', next: null, highestPagedLevel: 0 }),
      5_000,
    ],
    ['whose policy has ended', sampleAlert({ next: null }), 5_000],
    [
      'that a silence holds past its level',
      armed({
        holds: { silenced: { since: minutesIn(5), until: minutesIn(90), window: 'w' } },
        clock: { elapsedMs: 5 * MINUTE_MS, runningSince: null },
        dueAt: minutesIn(90),
      }),
      60,
    ],
    [
      'that owes a page which a snooze holds back',
      armed({
        pages: [unsettled],
        holds: { snoozed: { since: minutesIn(5), until: minutesIn(90), by: 'ana' } },
        clock: { elapsedMs: 5 * MINUTE_MS, runningSince: null },
        dueAt: minutesIn(90),
      }),
      60,
    ],
    [
      'that somebody has taken over, and that a snooze holds past its reminder',
      armed({
        ...acknowledged('ana', 5),
        holds: { snoozed: { since: minutesIn(5), until: minutesIn(90), by: 'ana' } },
        dueAt: minutesIn(90),
      }),
      60,
    ],
    [
      'that tries a page again at the moment it was put off to',
      armed({
        pages: [samplePage({ id: '3', status: 'owed', owedAt: minutesIn(5), notBefore: minutesIn(8) })],
        dueAt: minutesIn(8),
      }),
      6,
    ],
    ['whose page waits for a turn that its slot has to give', armed({ pages: [inLine] }), 14],
    ['that failed, is marked, and is late by 2 minutes', armed({ stuck: 'a bug', dueAt: minutesIn(25) }), 17],
    ['that failed, is marked, and is not late', armed({ stuck: 'a bug', dueAt: minutesIn(25) }), 16],
  ])('lets an alert be %s', (_, alert, minute) => {
    expect(judge(alert, minute)).toMatchObject({ kind: 'in-time' });
  });

  it.each<[string, Alert]>([
    ['an escalation', armed()],
    ['a claim', armed({ pages: [claimed], dueAt: minutesIn(5) })],
    ['a page in a line', armed({ pages: [waiting], dueAt: minutesIn(5) })],
    ['a page that is owed', armed({ pages: [owed], dueAt: minutesIn(5) })],
    ['a reminder', armed({ ...acknowledged('ana', 5), dueAt: minutesIn(65) })],
    [
      'the end of a recovery',
      armed({ holds: { recovering: { since: minutesIn(5), until: minutesIn(10) } }, dueAt: minutesIn(10) }),
    ],
  ])(
    'has %s handed over when it is more than 2 minutes late, and says that nobody takes it after 12',
    (_, alert) => {
      const dueMinute = (alert.dueAt! - minutesIn(0)) / MINUTE_MS;
      expect(judge(alert, dueMinute + 2)).toMatchObject({ kind: 'in-time', lateMs: 120_000 });
      expect(judge(alert, dueMinute + 2.1)).toMatchObject({ kind: 'overdue', lateMs: 126_000 });
      expect(judge(alert, dueMinute + 12)).toMatchObject({ kind: 'overdue', lateMs: 720_000 });
      expect(judge(alert, dueMinute + 12.1)).toMatchObject({ kind: 'stuck', lateMs: 726_000 });
    },
  );

  it.each<[string, Alert]>([
    ['nothing', sampleAlert()],
    ['a moment after its level', armed({ dueAt: minutesIn(16) })],
    ['a moment after its claim ends', armed({ pages: [claimed] })],
    [
      'a moment after its snooze ends',
      armed({ holds: { snoozed: { since: minutesIn(1), until: minutesIn(10), by: 'ana' } } }),
    ],
    [
      'a moment after its claim ends, while a snooze holds it',
      armed({
        pages: [claimed],
        holds: { snoozed: { since: minutesIn(1), until: minutesIn(90), by: 'ana' } },
        clock: { elapsedMs: MINUTE_MS, runningSince: null },
        dueAt: minutesIn(90),
      }),
    ],
    [
      'a moment after a page that nobody claimed',
      armed({ pages: [samplePage({ id: '3', status: 'sending', owedAt: minutesIn(5) })] }),
    ],
    ['a moment after a page that is owed', armed({ pages: [owed] })],
    ['a moment after its reminder', armed({ ...acknowledged('ana', 5), dueAt: minutesIn(70) })],
    [
      'a moment after its level, by a clock that has stood still for 3 minutes',
      armed({ clock: { elapsedMs: 3 * MINUTE_MS, runningSince: minutesIn(5) }, dueAt: minutesIn(20) }),
    ],
  ])('finds an alert that %s would wake, before it is late', (_, alert) => {
    expect(judge(alert, 5)).toMatchObject({ kind: 'not-armed', fault: 'armed-late', lateMs: 0 });
  });

  it('finds an alert whose clock stands still although nothing holds it', () => {
    const alert = armed({ clock: { elapsedMs: 0, runningSince: null } });
    expect(judge(alert, 5)).toMatchObject({ kind: 'not-armed', fault: 'clock-stands-still' });
  });

  it('finds an alert that opened while its policy had no steps', () => {
    const alert = sampleAlert({ next: null, highestPagedLevel: 0, paged: [], pages: [] });
    expect(judge(alert, 5, withSteps([]))).toMatchObject({ kind: 'in-time' });
    expect(judge(alert, 5)).toMatchObject({ kind: 'not-armed', fault: 'never-escalated' });
  });

  it('finds an alert whose next level a faster policy has sooner; a slower one keeps the moment', () => {
    expect(judge(armed(), 5, withSteps([0, 10, 30]))).toMatchObject({ fault: 'behind-its-policy' });
    expect(judge(armed(), 5, withSteps([0, 20, 30]))).toMatchObject({ kind: 'in-time' });
  });

  it('leaves the repeats of the last step to the alert: they are later than the step', () => {
    const repeating = armed({ next: { step: 1, atMs: 45 * MINUTE_MS }, dueAt: minutesIn(45) });
    expect(judge(repeating, 20)).toMatchObject({ kind: 'in-time' });
  });

  it('says of a marked row that is late that nothing helps', () => {
    expect(judge(armed({ stuck: 'a bug', dueAt: minutesIn(25) }), 17.1)).toMatchObject({
      kind: 'stuck',
      why: 'it fails: a bug',
      lateMs: 126_000,
    });
  });
});

describe('mendAlert', () => {
  const mend = (alert: Alert, minute: number, operations = team) => {
    const decision = mendAlert(alert, operations, minutesIn(minute));
    if (decision.kind === 'unchanged') throw new Error(decision.reason);
    return decision.alert;
  };

  it.each<[string, Alert, Operations, Partial<Alert>]>([
    ['nothing would wake, at its level', sampleAlert(), team, { dueAt: minutesIn(15) }],
    [
      'something too late would wake, at its level',
      armed({ dueAt: minutesIn(60) }),
      team,
      { dueAt: minutesIn(15) },
    ],
    [
      'stands still, from now on',
      armed({ clock: { elapsedMs: 3 * MINUTE_MS, runningSince: null } }),
      team,
      { clock: { elapsedMs: 3 * MINUTE_MS, runningSince: minutesIn(5) }, dueAt: minutesIn(17) },
    ],
    [
      'never escalated, at level 1 now',
      sampleAlert({ next: null, highestPagedLevel: 0, paged: [], pages: [] }),
      team,
      { next: { step: 0, atMs: 0 }, dueAt: minutesIn(5) },
    ],
    [
      'is behind its policy, at the moment of its step',
      armed(),
      withSteps([0, 10, 30]),
      { next: { step: 1, atMs: 10 * MINUTE_MS }, dueAt: minutesIn(10) },
    ],
  ])('wakes an alert that %s, by one write', (_, alert, operations, wanted) => {
    const mended = mend(alert, 5, operations);
    expect(mended).toMatchObject({ ...wanted, version: alert.version + 1 });
    expect(judgeAlert(mended, operations, minutesIn(5))).toMatchObject({ kind: 'in-time' });
  });

  it('takes a faster policy and a clock that stands still in one write', () => {
    const still = armed({ clock: { elapsedMs: 3 * MINUTE_MS, runningSince: null } });
    const faster = withSteps([0, 10, 30]);
    expect(mend(still, 5, faster)).toMatchObject({ next: { atMs: 10 * MINUTE_MS }, dueAt: minutesIn(12) });
  });

  it('leaves one alone that somebody else has written in the meantime', () => {
    expect(mendAlert(armed(), team, minutesIn(5))).toMatchObject({ kind: 'unchanged' });
  });
});
