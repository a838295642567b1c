/**
 * No signal is lost: each one that a sender handed over is in its alert, or kept with its reason when nobody can read it;
 * repeated by the queue it changes nothing; and at the end nothing is left that nobody took. Source: design, Signals, Queues
 */
import type { Alert } from '../../../functions/alerts/alert.ts';
import type { Invariant, Run, SentSignal, Violation } from '../run.ts';
import { nameOf } from '../source-name.ts';
import { deadlineOf, heardBy } from './fault-times.ts';
import { historiesOf, type LifeHistory } from './life-history.ts';
import { onceOf } from './once-of.ts';
import { iso, nameLife } from './words.ts';

const NAME = 'no-signal-is-lost';

const MINUTE_MS = 60_000;

export const noSignalIsLost: Invariant = (run) => [
  ...signalsByName(run).flatMap(([name, signals]) => ofName(run, name, signals)),
  ...malformed(run),
  ...run.queued
    .filter((message) => !isToCome(run, message))
    .map(({ queue, body }) => ({
      invariant: NAME,
      at: run.endMs,
      what: `at the end a message is left in the ${queue} queue that could be received and was not: ${body.slice(0, 200)}`,
    })),
];

/** Who took it waits for the rest of its second when the clock stops. */
function isToCome(run: Run, { queue, body }: Run['queued'][number]): boolean {
  if (queue !== 'due') return false;
  const { dueAt } = JSON.parse(body) as { dueAt: number };
  return deadlineOf(run, dueAt) > run.endMs;
}

/** What changes alerts, by alarm or sender's key. */
function signalsByName(run: Run): [string, SentSignal[]][] {
  const byName = new Map<string, SentSignal[]>();
  for (const signal of run.signals) {
    if (!['alarm', 'ok', 'deleted'].includes(signal.state)) continue;
    byName.set(signal.name, [...(byName.get(signal.name) ?? []), signal]);
  }
  return [...byName];
}

type Heard = { at: number; saidAt: number };

function ofName(run: Run, name: string, signals: readonly SentSignal[]): Violation[] {
  const lives = historiesOf(run).filter((life) => life.name === name);
  const heard = heardOf(run, name);
  const late = signals.flatMap((signal): Violation[] => {
    const deadline = heardBy(run, signal.at);
    const found = heard.find(({ saidAt }) => saidAt >= signal.saidAt);
    if (deadline > run.endMs || (found && found.at <= deadline)) return [];
    return [
      {
        invariant: NAME,
        at: deadline,
        what: `${name} said ${signal.state} at ${iso(signal.saidAt)}; its alert had to know by ${iso(deadline)}, and knew ${found ? `at ${iso(found.at)}` : 'never'}`,
      },
    ];
  });
  return [...late, ...counted(run, name, signals, lives), ...newest(run, name, signals, lives)];
}

/** Each write that shows a newer signal than the one before it of that name. */
function heardOf(run: Run, name: string): readonly Heard[] {
  return heardByName(run).get(name) ?? [];
}

const heardByName = onceOf((run: Run) => {
  const byName = new Map<string, Heard[]>();
  for (const { pk, sk, at, after } of run.writes) {
    if (sk !== 'current' || !pk.startsWith('alert#') || !after?.source) continue;
    const { source, lastSignalAt } = after as unknown as Alert;
    const name = nameOf(source);
    const heard = byName.get(name) ?? [];
    if (lastSignalAt <= (heard.at(-1)?.saidAt ?? Number.NEGATIVE_INFINITY)) continue;
    heard.push({ at, saidAt: lastSignalAt });
    byName.set(name, heard);
  }
  return byName;
});

/** Each trigger that is counted is one that was said, once. */
function counted(
  run: Run,
  name: string,
  signals: readonly SentSignal[],
  lives: readonly LifeHistory[],
): Violation[] {
  const said = new Set(signals.filter(({ state }) => state === 'alarm').map(({ saidAt }) => saidAt));
  const seen = new Set<number>();
  const violations: Violation[] = [];
  for (const { at, life, saidAt } of triggersOf(lives)) {
    // A sender that was refused although the queue has its signal says it again: that is another one for us.
    const isUnknown = !name.includes('/') && !said.has(saidAt);
    if (isUnknown || seen.has(saidAt)) {
      const why = isUnknown ? 'which nobody said' : 'for the second time';
      violations.push({
        invariant: NAME,
        at,
        what: `alert ${nameLife(life)} counted an ALARM of ${iso(saidAt)} at ${iso(at)}, ${why}`,
      });
    }
    seen.add(saidAt);
  }
  // One that came in time, before any newer signal was known, is counted.
  const heard = heardOf(run, name);
  for (const signal of signals) {
    if (signal.state !== 'alarm' || name.includes('/') || seen.has(signal.saidAt)) continue;
    const newer = heard.find(({ saidAt }) => saidAt > signal.saidAt);
    const deadline = heardBy(run, signal.at);
    if (deadline > run.endMs || (newer && newer.at <= deadline)) continue;
    violations.push({
      invariant: NAME,
      at: deadline,
      what: `no alert of ${name} counted its ALARM of ${iso(signal.saidAt)}, although nothing newer was known by ${iso(deadline)}`,
    });
  }
  return violations;
}

function triggersOf(lives: readonly LifeHistory[]): { at: number; life: LifeHistory; saidAt: number }[] {
  return lives.flatMap((life) =>
    life.states.flatMap(({ at, alert, before }) =>
      alert.triggers > (before?.triggers ?? 0) ? [{ at, life, saidAt: alert.lastSignalAt }] : [],
    ),
  );
}

/** The alert's state is that of the newest signal. */
function newest(
  run: Run,
  name: string,
  signals: readonly SentSignal[],
  lives: readonly LifeHistory[],
): Violation[] {
  const last = [...signals].sort(name.includes('/') ? lastReceivedFirst : newestFirst)[0]!;
  const quietMs = Math.max(...run.procedures.map(({ operations }) => operations.quietMinutes)) * MINUTE_MS;
  const afterOk = last.state === 'ok' ? quietMs : 0;
  const deadline = deadlineOf(run, heardBy(run, last.at) + afterOk);
  if (deadline > run.endMs) return [];
  const life = lives.at(-1);
  const atEnd = life?.atEnd;
  const isOpen = atEnd !== undefined && atEnd.status !== 'resolved';
  const violation = (what: string) => [{ invariant: NAME, at: deadline, what }];
  if (last.state === 'alarm') {
    if (isOpen && !atEnd.holds.recovering) return [];
    const byHand = atEnd?.resolution && atEnd.resolution.by !== 'alarm' && atEnd.resolution.at >= last.saidAt;
    if (byHand) return [];
    return violation(
      `the newest signal of ${name} is the ALARM of ${iso(last.saidAt)}; at the end its alert is ${life ? `${nameLife(life)}, ${describe(atEnd)}` : 'not there'}, not open`,
    );
  }
  if (!isOpen) return [];
  return violation(
    `the newest signal of ${name} is ${last.state} of ${iso(last.saidAt)}; at the end its alert ${nameLife(life!)} is ${describe(atEnd)}, not resolved`,
  );
}

/** "of different states at one instant, ALARM wins" */
function newestFirst(a: SentSignal, b: SentSignal): number {
  return b.saidAt - a.saidAt || alarmFirst(a, b) || b.at - a.at;
}

/** A sender's signal counts as of when it reached us. */
function lastReceivedFirst(a: SentSignal, b: SentSignal): number {
  return b.at - a.at || alarmFirst(a, b);
}

function alarmFirst(a: SentSignal, b: SentSignal): number {
  return Number(b.state === 'alarm') - Number(a.state === 'alarm');
}

function describe(alert: Alert | undefined): string {
  if (!alert) return 'gone';
  const holds = Object.keys(alert.holds);
  return `${alert.status}${holds.length > 0 ? ` and held (${holds.join(', ')})` : ''}`;
}

/** What nobody can read is kept, once at least, with the reason; and nothing else is put aside. */
function malformed(run: Run): Violation[] {
  const bodies = run.signals.filter(({ state }) => state === 'malformed');
  const missing = bodies.filter(
    ({ at, body }) =>
      heardBy(run, at) <= run.endMs &&
      !run.deadLetters.some((letter) => letter.body === body && letter.reason),
  );
  const others = run.deadLetters.filter(({ body }) => !bodies.some((one) => one.body === body));
  return [
    ...missing.map(({ at, body }) => ({
      invariant: NAME,
      at,
      what: `the malformed message ${JSON.stringify(body)} of ${iso(at)} is not kept as a dead letter with a reason`,
    })),
    ...others.map(({ queue, body, reason }) => ({
      invariant: NAME,
      at: run.endMs,
      what: `a message that can be read was put aside from the ${queue} queue (${reason}): ${body.slice(0, 200)}`,
    })),
  ];
}
