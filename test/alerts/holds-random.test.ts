import { describe, expect, it } from 'vitest';
import { type Alert, heldBy } from '../../functions/alerts/alert.ts';
import type { Inhibitor } from '../../functions/holds/inhibition.ts';
import type { Severity } from '../../functions/intake/signal.ts';
import type { Match, Operations, Window } from '../../functions/operations/operations.ts';
import { judgeAlert } from '../../functions/watchers/judge-alert.ts';
import { randomOf } from '../support/random.ts';
import { MINUTE_MS, type Publish, START_MS, type Story, tell } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';

const STORIES = 200;
const STEPS = 40;

type Life = ReturnType<typeof randomLife>;

/** One alert, and everything that can happen to it, at random moments; every write and every page is looked at. */
function randomLife(seed: number) {
  const random = randomOf(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  let windows: Window[] = [];
  let inhibitor: Inhibitor = 'none';
  let minute = 0;
  let isCalm = false;
  const attempts: { minute: number; level: number }[] = [];

  const now = (): Operations => ({ ...fourLevels, windows });
  const isWithinWindow = (at: number, { severity }: Alert) =>
    windows.some(
      (window) =>
        window.kind === 'once' &&
        (window.match.severity ?? severity) === severity &&
        window.from <= toMs(at) &&
        toMs(at) < window.until,
    );

  const publish: Publish = (page, at) => {
    attempts.push({ minute: at, level: page.level });
    const held = heldBy(story.alert!);
    if (page.kind !== 'notice' && !page.byHand && story.alert!.status !== 'resolved') {
      expect([at, held, isWithinWindow(at, story.alert!)]).toEqual([at, undefined, false]);
    }
    if (isCalm) return 'sent';
    return pick(['sent', 'sent', 'sent', 'sent', 'failed', 'undeliverable', 'waiting', 'crash']);
  };
  const story: Story = tell(now(), {
    publish,
    reading: () => ({ state: 'alarm', suppressed: random() < 0.5 }),
  });

  const alarm = () =>
    story.signal(minute, 'alarm', {
      severity: pick<Severity>(['critical', 'critical', 'warning']),
      ...(random() < 0.15 ? { suppressed: 'by a mute rule' } : {}),
    });

  const steps: (() => unknown)[] = [
    alarm,
    alarm,
    () => story.signal(minute, 'ok'),
    () => story.answer(minute, 'acknowledge', pick(['ana', 'ben', 'cli:eve'])),
    () => story.answer(minute, 'escalate', 'ana'),
    () => story.answer(minute, 'snooze', 'ben', { until: toMs(minute + 1 + random() * 120) }),
    () => random() < 0.3 && story.answer(minute, 'resolve', 'ana'),
    () => {
      const from = minute + (random() < 0.5 ? 0 : random() * 60);
      const hold = pick(['maintenance', 'silenced'] as const);
      const match = pick<Match>([{}, { severity: 'warning' }]);
      const until = from + 1 + random() * 120;
      const when = { kind: 'once', from: toMs(from), until: toMs(until) } as const;
      windows = [...windows, { id: `w${minute}`, hold, match, reason: 'w', ...when }];
      story.review(minute, now(), inhibitor);
    },
    () => {
      windows = windows.slice(1);
      story.review(minute, now(), inhibitor);
    },
    () => {
      inhibitor = inhibitor === 'none' ? { by: 'other', since: toMs(minute) } : 'none';
      story.review(minute, now(), inhibitor);
    },
    () => story.undelivered(minute, String(Math.ceil(random() * (story.alert?.pageCount ?? 1)))),
  ];

  return {
    story,
    attempts,
    /** Something happens, some time after the last. */
    step() {
      minute = Math.round((minute + random() ** 3 * 60) * 60) / 60;
      if (story.alert) pick(steps)();
      else alarm();
    },
    /** From now on every page is delivered, the alarm fires and is not muted, and nothing holds the alert but a snooze. */
    calmDown() {
      isCalm = true;
      minute += 1;
      windows = [];
      inhibitor = 'none';
      story.review(minute, now(), inhibitor);
      minute += 1;
      story.signal(minute, 'alarm');
    },
    minute: () => minute,
  };
}

const toMs = (minute: number) => Math.round(START_MS + minute * MINUTE_MS);

function expectSound({ story, minute }: Life): void {
  const alert = story.alert!;
  // Late it may be here, as nobody ticks between two things that happen; but never asleep.
  expect(judgeAlert(alert, fourLevels, toMs(minute())).kind).not.toBe('not-armed');
  if (alert.status === 'resolved') return;
  const seen = { holds: alert.holds, status: alert.status, clock: alert.clock };
  if (heldBy(alert)) expect(seen).toMatchObject({ clock: { runningSince: null } });
  expect({ ...seen, dueAt: alert.dueAt }).toMatchObject({ dueAt: expect.any(Number) });
  expect(alert.pages.length).toBeLessThanOrEqual(30);
}

describe(`${STORIES} lives of an alert, each with ${STEPS} things that happen to it at random`, {
  timeout: 180_000,
}, () => {
  it('page nobody while held, except by hand; stop the clock; and are always due', () => {
    for (let seed = 1; seed <= STORIES; seed++) {
      const life = randomLife(seed);
      for (let n = 0; n < STEPS; n++) {
        life.step();
        expectSound(life);
      }
    }
  });

  it('page level 1 within a minute when the last hold that they opened within ends, and somebody within 4 hours', () => {
    let startedOver = 0;
    for (let seed = 1; seed <= STORIES; seed++) {
      const life = randomLife(seed);
      for (let n = 0; n < STEPS; n++) life.step();
      const before = life.story.alert!;
      const from = life.minute();
      life.calmDown();
      const after = life.story.alert!;
      if (after.status !== 'triggered') continue;
      const { snoozed } = after.holds;
      const end = snoozed ? (snoozed.until - START_MS) / MINUTE_MS : life.minute();
      life.story.runTo(end + 241);
      const levels = (until: number) =>
        life.attempts.filter(({ minute }) => minute > from && minute <= until).map(({ level }) => level);
      expect({ seed, paged: levels(end + 241).length > 0 }).toEqual({ seed, paged: true });
      if (!snoozed && !openedWithinHold(before)) continue;
      startedOver += 1;
      expect({ seed, levels: levels(end + 1) }).toEqual({ seed, levels: expect.arrayContaining([1]) });
    }
    expect(startedOver).toBeGreaterThan(20);
  });
});

function openedWithinHold({ status, openedAt, holds: { recovering: _, ...holds } }: Alert): boolean {
  return status === 'triggered' && Object.values(holds).some((hold) => hold && openedAt >= hold.since);
}
