/** What a simulation has come to, in lines: figures, what went wrong how often, what was met, and the violations. */
import { alignColumns } from '../../cli/columns.ts';
import { INVARIANT_NAMES } from './invariants/index.ts';
import { addMet, type Met, neverMet, nothingMet } from './met.ts';
import type { Violation } from './run.ts';
import { CALL_FAULTS, CALL_SITES } from './stories/call-sites.ts';
import type { Telling } from './tell-story.ts';

/** Of one seed: the first ones say it. */
const VIOLATIONS_SHOWN = 5;

export type Totals = {
  seeds: number;
  days: number;
  alarms: number;
  pages: number;
  faults: number;
  calls: number;
  cpuMs: number;
  /** by invariant */
  violations: Record<string, number>;
  failingSeeds: number[];
  met: Met;
};

export function totalOf(tellings: readonly Telling[]): Totals {
  const totals: Totals = {
    seeds: tellings.length,
    days: 0,
    alarms: 0,
    pages: 0,
    faults: 0,
    calls: 0,
    cpuMs: 0,
    violations: {},
    failingSeeds: [],
    met: nothingMet(),
  };
  for (const telling of tellings) {
    for (const what of ['days', 'alarms', 'pages', 'faults', 'calls', 'cpuMs'] as const)
      totals[what] += telling[what];
    for (const { invariant } of telling.violations)
      totals.violations[invariant] = (totals.violations[invariant] ?? 0) + 1;
    if (telling.violations.length > 0) totals.failingSeeds.push(telling.seed);
    addMet(totals.met, telling.met);
  }
  totals.failingSeeds.sort((a, b) => a - b);
  return totals;
}

/** One line of `--json`. */
export function jsonOf({ seed, days, alarms, pages, faults, violations }: Telling): string {
  return JSON.stringify({ seed, days, alarms, pages, faults, violations });
}

/** @param elapsedMs  as the clock on the wall has it */
export function renderTotals(totals: Totals, elapsedMs: number): string[] {
  const { seeds, days, alarms, pages, faults, calls, cpuMs, met, violations, failingSeeds } = totals;
  const found = Object.values(violations).reduce((sum, count) => sum + count, 0);
  return [
    ...section('what was met', {
      'by what happens': met.events,
      'by what goes wrong': met.faults,
      'by who answers': met.answers,
      'by what became of alerts': met.lives,
      'by what the moments of levels were held to': met.moments,
    }),
    '',
    ...alignColumns([
      ['seeds', String(seeds)],
      ['simulated days', String(Math.round(days))],
      ['alarms', String(alarms)],
      ['messages', `${pages} (that SNS took; pages in --json)`],
      ['faults', `${faults} (planned ones that met something)`],
      ['faults met by calls', renderCalls(met)],
      ['calls to AWS', String(calls)],
      [
        'CPU time',
        `${Math.round(cpuMs / 1_000)} s, ${(cpuMs / 1_000 / Math.max(1, seeds)).toFixed(1)} s a seed`,
      ],
      ['took', `${Math.round(elapsedMs / 1_000)} s`],
      [
        'violations',
        found === 0
          ? `none: all ${INVARIANT_NAMES.length} invariants held`
          : `${found} in ${failingSeeds.length} seeds: ${failingSeeds.join(', ')}`,
      ],
      ...Object.entries(violations)
        .sort(([, a], [, b]) => b - a)
        .map(([name, count]): [string, string] => [`  ${name}`, String(count)]),
    ]),
  ];
}

function section(
  title: string,
  groups: Readonly<Record<string, Readonly<Record<string, number>>>>,
): string[] {
  return [
    '',
    title,
    ...Object.entries(groups).flatMap(([name, counts]) => ['', `  ${name}`, ...renderCounts(counts)]),
  ];
}

function renderCounts(counts: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  return alignColumns(
    rows.map(([what, count]) => ['   ', what, String(count)]),
    [2],
  );
}

/** How much of all that can go wrong with a call has met one. */
function renderCalls(met: Met): string {
  const of = CALL_SITES.length * CALL_FAULTS.length;
  return `${of - neverMet(met).length} of ${of}: each of ${CALL_SITES.length} calls, each of ${CALL_FAULTS.length} faults`;
}

/** `1 bug`, `2 bugs` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** @param startMs  of the story, epoch milliseconds */
export function renderViolations(violations: readonly Violation[]): string[] {
  const shown = violations.slice(0, VIOLATIONS_SHOWN);
  const lines = shown.map(
    ({ at, invariant, what }) => `  ${new Date(at).toISOString()}  ${invariant}: ${what}`,
  );
  const more = violations.length - shown.length;
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}
