/** What can happen to an alert, drawn at random, and written down so that a counterexample reads like a story. */
import fc from 'fast-check';
import type { AlarmReading } from '../../functions/alerts/advance-alert.ts';
import type { Severity } from './procedures-of-model.ts';

/** Everything happens on this grid; a refused page is tried again after 5, 10, 20, 40, 60, 60 … seconds. */
export const STEP_MS = 5_000;
export const MINUTE_MS = 60_000;

/** 2026-03-02T03:00:00Z */
export const START_MS = Date.UTC(2026, 2, 2, 3);

export type Member = 'a' | 'b';

export type Deed =
  | {
      do: 'signal';
      member: Member;
      state: 'alarm' | 'ok' | 'deleted' | 'insufficient-data';
      severity: Severity;
      suppressed: boolean;
      /** steps before now at which the sender says that it happened; `same`: when that member's last signal did */
      said: number | 'same';
    }
  | { do: 'acknowledge' | 'escalate' | 'resolve'; by: string }
  | { do: 'snooze'; by: string; minutes: number }
  | {
      do: 'window';
      hold: 'maintenance' | 'silenced';
      severity?: Severity;
      inMinutes: number;
      minutes: number;
    }
  | { do: 'end-windows' }
  | { do: 'inhibit' | 'release' }
  | { do: 'outage'; minutes: number }
  | { do: 'alarm-reads'; reading: AlarmReading };

/** So many steps after the last one; or so many around the moment at which the alert is due next. */
export type When = { after: number } | { aroundDue: number };

export type Happening = { when: When; deed: Deed };

const by = fc.constantFrom('ana', 'ben', 'cli:eve');
const minutes = fc.constantFrom(1, 5, 10, 15, 30, 45, 60, 120, 240);
const severity = fc.constantFrom<Severity>('critical', 'critical', 'critical', 'warning', 'warning', 'info');

const signal = fc.record({
  do: fc.constant('signal' as const),
  member: fc.constantFrom<Member>('a', 'a', 'a', 'b'),
  state: fc.constantFrom('alarm', 'alarm', 'alarm', 'ok', 'ok', 'deleted', 'insufficient-data'),
  severity,
  suppressed: fc.constantFrom(false, false, false, true),
  said: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) },
    { weight: 1, arbitrary: fc.constant('same' as const) },
  ),
});

const reading = fc.constantFrom<AlarmReading>(
  { state: 'alarm', suppressed: true },
  { state: 'alarm', suppressed: false },
  { state: 'ok', suppressed: true },
  { state: 'ok', suppressed: false },
  { state: 'missing', suppressed: false },
  { state: 'insufficient-data', suppressed: true },
  { state: 'unknown', suppressed: true },
);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 10, arbitrary: signal },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('acknowledge', 'acknowledge', 'escalate'), by }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resolve' as const), by }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('snooze' as const), by, minutes }) },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        do: fc.constant('window' as const),
        hold: fc.constantFrom('maintenance', 'silenced'),
        severity: fc.constantFrom<Severity>('critical', 'warning'),
        inMinutes: fc.constantFrom(0, 0, 5, 15, 60),
        minutes,
      },
      { requiredKeys: ['do', 'hold', 'inMinutes', 'minutes'] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end-windows' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('inhibit', 'release') }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('outage' as const), minutes: fc.constantFrom(1, 2, 3) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('alarm-reads' as const), reading }) },
);

/** Often at the very moment at which something is due, or just beside it. */
const when = fc.oneof(
  { weight: 3, arbitrary: minutes.map((n): When => ({ after: (n * MINUTE_MS) / STEP_MS })) },
  { weight: 3, arbitrary: fc.integer({ min: -2, max: 2 }).map((n): When => ({ aroundDue: n })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 24 }).map((n): When => ({ after: n })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 720 }).map((n): When => ({ after: n })) },
);

export const happenings: fc.Arbitrary<Happening[]> = fc.array(fc.record({ when, deed }), {
  minLength: 1,
  maxLength: 30,
  size: 'max',
});

/** When it happens: after `lastMs`, on the grid. */
export function momentOf(when: When, lastMs: number, dueAt = lastMs): number {
  const steps = 'after' in when ? when.after : Math.round((dueAt - lastMs) / STEP_MS) + when.aroundDue;
  return lastMs + Math.max(1, steps) * STEP_MS;
}

/** `95:05` */
export function clockTime(atMs: number): string {
  const seconds = (atMs - START_MS) / 1_000;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function describeDeed(one: Deed): string {
  const { do: verb, ...facts } = one;
  const said = Object.entries(facts).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [verb, ...said].join(' ');
}
