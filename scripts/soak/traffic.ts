/** What fires in the soak: a bounded set of alarms that open, flap, recover and fire again, by a seed. */

export type Change = { name: string; state: 'ALARM' | 'OK'; at: number };

/** So many alarms for each change a second: at 50 a second 3,600, of which there are always some whose turn it is. */
const ALARMS_PER_RATE = 72;

/** One in four flaps: it changes every 5 to 15 s for some minutes, and rests for as long. The others: see `restMs`. */
const FLAPPING_SHARE = 0.25;

/** Of ten alarms one is critical and two are warnings; nobody is paged for the rest. */
const SEVERITIES = ['critical', 'warning', 'warning', ...Array<'info'>(7).fill('info')] as const;

/** One alarm never changes sooner: what a queue holds of it at a time is one change. */
const CHANGES_LEAST_MS = 5_000;

/** Then all of them have fired once. */
const START_WITHIN_MS = 60_000;

type Alarm = {
  name: string;
  flaps: boolean;
  state: 'ALARM' | 'OK';
  nextAt: number;
  /** of one that flaps: until when it does */
  spellUntil: number;
  /** when its latest change was accepted; nothing while it is not */
  changedAt: number | undefined;
};

export type Traffic = ReturnType<typeof openTraffic>;

/**
 * @param rate  changes a second, on average
 * @param seed  the same one makes the same alarms and durations
 */
export function openTraffic(rate: number, startMs: number, seed = 1) {
  const random = mulberry(seed);
  const between = (least: number, most: number) => least + random() * (most - least);
  const alarms: Alarm[] = Array.from({ length: rate * ALARMS_PER_RATE }, (_, n) => ({
    name: `${SEVERITIES[n % SEVERITIES.length]}-${n}`,
    flaps: random() < FLAPPING_SHARE,
    state: 'OK',
    nextAt: startMs + between(0, START_WITHIN_MS),
    spellUntil: startMs + between(0, 300_000),
    changedAt: 0,
  }));
  let heldUntil = 0;
  const byName = new Map(alarms.map((alarm) => [alarm.name, alarm]));

  /** How long the alarm stays in the state that it has just taken. */
  const restMs = (alarm: Alarm, nowMs: number): number => {
    if (alarm.flaps) {
      if (alarm.state === 'OK' && nowMs > alarm.spellUntil) {
        const rest = between(150_000, 300_000);
        alarm.spellUntil = nowMs + rest + between(120_000, 300_000);
        return rest;
      }
      return between(CHANGES_LEAST_MS, 15_000);
    }
    if (alarm.state === 'ALARM') return between(20_000, 90_000);
    // Within the two minutes of quiet it is the same alert, beyond them a new one.
    return random() < 0.5 ? between(10_000, 60_000) : between(150_000, 300_000);
  };

  return {
    size: alarms.length,
    /** The `most` alarms whose turn has come for the longest change their state. */
    change(nowMs: number, most: number): Change[] {
      const due = alarms
        .filter(({ nextAt, changedAt }) => changedAt !== undefined && nextAt <= nowMs)
        .sort((a, b) => a.nextAt - b.nextAt)
        .slice(0, most);
      return due.map((alarm) => {
        alarm.state = alarm.state === 'OK' ? 'ALARM' : 'OK';
        alarm.changedAt = undefined;
        return { name: alarm.name, state: alarm.state, at: nowMs };
      });
    },
    /** The change was taken: the alarm's next one is counted from now. */
    accepted({ name }: Change, nowMs: number): void {
      const alarm = byName.get(name)!;
      alarm.changedAt = nowMs;
      alarm.nextAt = Math.max(nowMs + restMs(alarm, nowMs), heldUntil);
    },
    /**
     * Alarms that changed since that moment, or change until the other, stay as they are until then. A queue gives no
     * order: an OK that overtakes its ALARM makes that stale, and what was not paged for it could not be told from lost.
     */
    hold(sinceMs: number, untilMs: number): void {
      heldUntil = untilMs;
      for (const alarm of alarms) {
        if ((alarm.changedAt ?? 0) >= sinceMs) alarm.nextAt = Math.max(alarm.nextAt, untilMs);
      }
    },
  };
}

/** Numbers from 0 to 1, the same for the same seed. Source: Tommy Ettinger's mulberry32 */
export function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
