/** What the soak says at its end. */
import { alignColumns } from '../../cli/columns.ts';
import type { Verdict } from './account.ts';
import type { MemoryVerdict } from './memory.ts';
import type { Outage } from './world-process.ts';

type Run = {
  verdict: Verdict;
  memory: MemoryVerdict;
  outages: readonly Outage[];
  answers: number;
  repeats: number;
  /** what waited in the intake queue when the last was sent */
  backlog: number;
  /** signals accepted a second, kills included */
  rate: number;
  minutes: number;
};

export type Report = ReturnType<typeof makeReport>;

/** Memory at the same age, the last lives over the first: the table grows meanwhile, what is held of it must not. */
const MEMORY_RATIO_MOST = 1.25;

const COMPLAINTS_SHOWN = 30;

export function makeReport({ verdict, memory, outages, ...run }: Run) {
  const { counts, latencies } = verdict;
  const complaints = [...verdict.complaints];
  if ((memory.acrossLives ?? 1) > MEMORY_RATIO_MOST)
    complaints.push(`memory grew from life to life: ${memory.acrossLives?.toFixed(2)} times`);
  return {
    complaints,
    ...run,
    kills: outages.length,
    secondsDown: outages.map(({ killedAt, upAt }) => (upAt - killedAt) / 1_000),
    counts,
    memory,
    latencies: {
      arrivalToAlertMs: spread(latencies.arrivalToAlertMs),
      arrivalToPageMs: spread(latencies.arrivalToPageMs),
      arrivalToPageWithFreeSlotMs: spread(latencies.freeSlotMs),
    },
  };
}

function spread(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? null;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

export function render({ complaints, counts, memory, latencies, secondsDown, ...run }: Report): string[] {
  const rows = [
    [
      'minutes, kills',
      `${run.minutes.toFixed(1)}, ${run.kills} (down ${secondsDown.map((s) => s.toFixed(1)).join(' ')} s)`,
    ],
    [
      'signals accepted',
      `${counts.alarms} ALARM, ${counts.oks} OK, ${counts.webhookTriggers} by webhook: ${run.rate.toFixed(1)} alarms a second`,
    ],
    ['waiting when the last was sent', String(run.backlog)],
    ['requests sent again', String(run.repeats)],
    ['triggers in alerts', String(counts.triggers)],
    ['alerts', `${counts.lives}, of which ${counts.livesToPage} may page and ${counts.livesPaged} did`],
    [
      'messages',
      `${counts.messages}; ${counts.repeatedMessages} within a minute of the one before; ${run.answers} answered by link`,
    ],
    ...Object.entries(latencies).map(([name, { count, p50, p99, max }]) => [
      name,
      `p50 ${p50} p99 ${p99} max ${max} (${count})`,
    ]),
    ['resident MB, median by life', memory.medianMb.join(' ')],
    ['memory, last lives over first', memory.acrossLives?.toFixed(3) ?? 'too few lives'],
    ['memory, last quarter of a life over the one before', memory.withinLife?.toFixed(3) ?? 'too short'],
  ];
  const shown = complaints.slice(0, COMPLAINTS_SHOWN).map((one) => `  - ${one}`);
  return [
    ...alignColumns(rows),
    complaints.length === 0 ? 'nothing was lost' : `${complaints.length} complaints:`,
    ...shown,
  ];
}
