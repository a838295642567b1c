/**
 * What an alert knows to be the newest signal decides its state, after every write: an ALARM keeps it open and not recovering,
 * an OK holds it as recovering for the quiet time and then resolves it, a deletion resolves it. So nothing stale is believed.
 * Source: design, Signals and Recovery
 */
import type { Alert } from '../../../functions/alerts/alert.ts';
import type { Invariant, SentSignal, Violation } from '../run.ts';
import { deadlineOf } from './fault-times.ts';
import { historiesOf, type LifeHistory, type State } from './life-history.ts';
import { onceOf } from './once-of.ts';
import { operationsIn } from './procedures.ts';
import { iso, nameLife } from './words.ts';

const NAME = 'the-newest-signal-decides';
const MINUTE_MS = 60_000;

export const theNewestSignalDecides: Invariant = (run) =>
  historiesOf(run).flatMap((life) => [
    ...continued(life),
    ...life.states.flatMap((state): Violation[] => {
      const { at, alert } = state;
      const said = saidAt(run.signals, life.name, alert.lastSignalAt);
      const wrong = said && (whatIsWrong(life, state, said) ?? quietTime(state, said, run));
      if (!wrong) return [];
      return [
        {
          invariant: NAME,
          at,
          what: `the newest signal that alert ${nameLife(life)} knows is ${said.state} of ${iso(said.saidAt)}; at ${iso(at)} (version ${alert.version}, call ${state.write.n}) ${wrong}`,
        },
      ];
    }),
  ]);

/** "A new ALARM within it, the last instant included, continues the alert" */
function continued(life: LifeHistory): Violation[] {
  const at = life.replacedAt;
  const until = life.states.at(-1)!.alert.holds.recovering?.until;
  if (at === undefined || until === undefined || until < at) return [];
  return [
    {
      invariant: NAME,
      at,
      what: `alert ${nameLife(life)} recovered until ${iso(until)}; an ALARM at ${iso(at)} opened another instead of continuing it`,
    },
  ];
}

const byName = onceOf((signals: readonly SentSignal[]) => {
  const known = new Map<string, SentSignal>();
  for (const signal of signals) {
    const key = `${signal.name} ${signal.saidAt}`;
    if (rankOf(signal) > rankOf(known.get(key))) known.set(key, signal);
  }
  return known;
});

/** "of different states at one instant, ALARM wins"; INSUFFICIENT_DATA says nothing */
function rankOf(signal: SentSignal | undefined): number {
  return ['insufficient-data', 'ok', 'deleted', 'alarm'].indexOf(signal?.state ?? '');
}

function saidAt(signals: readonly SentSignal[], name: string, atMs: number): SentSignal | undefined {
  return byName(signals).get(`${name} ${atMs}`);
}

function whatIsWrong(life: LifeHistory, { alert, before }: State, { state }: SentSignal): string | undefined {
  const { status, resolution, holds } = alert;
  // A muted alarm is asked about: then its alert knows more than it was told.
  const wasAsked = life.states.some((one) => one.alert.holds.muted);
  if (state === 'insufficient-data') return 'it believed that';
  if (state === 'alarm') {
    if (holds.recovering && !before?.holds.recovering && !wasAsked) return 'it began to recover';
    if (status === 'resolved' && before?.status !== 'resolved' && resolution?.by === 'alarm' && !wasAsked)
      return 'it was resolved, by the alarm';
    return undefined;
  }
  if (status === 'resolved') return undefined;
  if (state === 'deleted') return 'it is open';
  return holds.recovering ? undefined : 'it is open and does not recover';
}

/** It resolves when the quiet time is over, neither sooner nor later. */
function quietTime(
  { at, alert, before }: State,
  { state }: SentSignal,
  run: Parameters<Invariant>[0],
): string | undefined {
  if (state !== 'ok') return undefined;
  const recovering = before?.holds.recovering;
  if (alert.holds.recovering && !recovering) return wrongEnd(alert, at, run);
  if (!recovering || alert.status !== 'resolved' || alert.resolution?.by !== 'alarm') return undefined;
  if (alert.resolution.reason === 'the alarm was deleted') return undefined;
  const latest = deadlineOf(run, recovering.until);
  if (at >= recovering.until && at <= latest) return undefined;
  return `it was resolved; its quiet time ended at ${iso(recovering.until)}, and it had to be by ${iso(latest)}`;
}

function wrongEnd({ holds }: Alert, atMs: number, run: Parameters<Invariant>[0]): string | undefined {
  const { since, until } = holds.recovering!;
  const minutes = operationsIn(run, atMs, atMs).map(({ quietMinutes }) => quietMinutes);
  if (minutes.some((one) => until === since + one * MINUTE_MS)) return undefined;
  return `it recovers from ${iso(since)} until ${iso(until)}, not for ${minutes.join(' or ')} min`;
}
