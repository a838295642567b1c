/** What the soak says at its end: figures that add up, line by line. */
import { alignColumns } from '../../cli/columns.ts';
import type { Verdict } from './account.ts';
import type { MemoryVerdict } from './memory.ts';
import type { Waiting } from './queues.ts';
import type { SoakOptions } from './read-soak-options.ts';
import type { Outage } from './world-process.ts';

type Run = {
  asked: SoakOptions;
  verdict: Verdict;
  /** what the world said of its own failures */
  worldComplaints: readonly string[];
  memory: MemoryVerdict;
  /** how much of a core the world had */
  cores: number;
  outages: readonly Outage[];
  answers: number;
  /** requests */
  repeats: number;
  /** what waited when the last was sent, and when it was most */
  backlog: Waiting;
  backlogMost: Waiting;
  /** changes of alarms accepted a second, kills included */
  rate: number;
  minutes: number;
};

export type Report = ReturnType<typeof makeReport>;

/** The table grows meanwhile; what is held of it in memory must not. */
const MEMORY_RATIO_MOST = 1.25;

/** Of what was asked for: around each kill the alarms that have just changed stay as they are for a while. */
const RATE_LEAST = 0.8;

const COMPLAINTS_SHOWN = 30;

export function makeReport({ verdict, worldComplaints, memory, outages, ...run }: Run) {
  const { counts, latencies } = verdict;
  const complaints = [...verdict.complaints, ...worldComplaints];
  for (const [where, ratio] of [
    ['from life to life', memory.acrossLives],
    ['within a life', memory.withinLife],
  ] as const) {
    if ((ratio ?? 1) > MEMORY_RATIO_MOST) complaints.push(`memory grew ${where}: ${ratio?.toFixed(2)} times`);
  }
  const { asked, rate } = run;
  if (rate < asked.rate * RATE_LEAST) {
    complaints.push(
      `${rate.toFixed(1)} changes a second of the ${asked.rate} asked for: this machine is too slow for them, or too busy`,
    );
  }
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

export function renderReport(report: Report): string {
  const { complaints, counts, asked, memory, latencies } = report;
  const { alarms, webhooks, alerts, messages } = counts;
  const { arrivalToAlertMs, arrivalToPageMs, arrivalToPageWithFreeSlotMs } = latencies;
  const rows = [
    [
      'ran',
      `${report.minutes.toFixed(1)} minutes at ${report.rate.toFixed(1)} changes of alarms a second, of ${asked.rate} asked for`,
    ],
    [
      'kill -9',
      report.kills === 0
        ? 'never'
        : `${report.kills} times; back after ${report.secondsDown.map((s) => s.toFixed(0)).join(' ')} s`,
    ],
    ['requests', `${number(report.repeats)} were not answered with 2xx, and sent again`],
    [
      'alarms',
      `${number(alarms.accepted)} accepted, ${number(alarms.inAlerts)} in alerts; and ${number(counts.oks)} OK`,
    ],
    [
      'by webhook',
      `${number(webhooks.accepted)} accepted, ${number(webhooks.inAlerts)} in alerts, of ${number(webhooks.attempts)} sent`,
    ],
    [
      'alerts',
      `${number(alerts.all)}, of which ${number(alerts.paging)} page and ${alerts.own} are of Tocsin itself`,
    ],
    [
      'that page',
      `${number(alerts.paging)} = ${number(alerts.paged)} paged + ${number(alerts.notPaged)} over, held or answered first; ` +
        `none fired longer than ${Math.round(alerts.longestUnpagedMs / 1_000)} s without`,
    ],
    [
      'messages',
      `${number(messages.arrived)} in the inbox = ${number(messages.told)} told of in timelines + ${messages.repeated} repeated by a kill; ` +
        `${messages.missing} told of and never arrived`,
    ],
    ['answered by link', number(report.answers)],
    [
      'waiting at most',
      `${number(report.backlogMost.intake)} signals and ${number(report.backlogMost.due)} that were due; ` +
        `${number(report.backlog.intake)} and ${number(report.backlog.due)} when the last was sent`,
    ],
    [
      'processor of the world',
      `${report.cores.toFixed(2)} of a core, about ${Math.round((report.cores / report.rate) * 1_000)} ms for each change of an alarm`,
    ],
    ['arrival to alert', milliseconds(arrivalToAlertMs)],
    ['arrival to first page', `${milliseconds(arrivalToPageMs)}; a person has one message a minute`],
    ['  nobody paged the minute before', milliseconds(arrivalToPageWithFreeSlotMs)],
    ['memory', renderMemory(memory)],
  ];
  const shown = complaints.slice(0, COMPLAINTS_SHOWN).map((one) => `  - ${one}`);
  const left = complaints.length - shown.length;
  return [
    ...alignColumns(rows),
    ...(complaints.length === 0
      ? [`Nothing was lost, and nothing repeated but by a kill.${isJudged(memory) ? ' Memory is flat.' : ''}`]
      : [`${complaints.length} complaints:`, ...shown]),
    ...(left > 0 ? [`  and ${left} more: --json has them all`] : []),
  ].join('\n');
}

function isJudged({ acrossLives, withinLife }: MemoryVerdict): boolean {
  return acrossLives !== undefined || withinLife !== undefined;
}

/** All that it is judged by, in one line. */
function renderMemory({ ages, medianMb, acrossLives, withinLife, mappedMb }: MemoryVerdict): string {
  if (medianMb.length === 0) return 'no life was long enough to tell';
  const judged = [
    acrossLives && `the last third of the lives is ${acrossLives.toFixed(2)} × the first`,
    withinLife && `the last third of the longest life is ${withinLife.toFixed(2)} × its second`,
  ].filter((one) => one);
  return (
    `${medianMb.join(' ')} MB of its own, median of each life from ${ages.fromS} to ${ages.toS} s of its age; ` +
    (judged.length > 0 ? `${judged.join(', ')}, at most ${MEMORY_RATIO_MOST}` : 'too few lives to compare') +
    `; and ${mappedMb} MB of files mapped at most`
  );
}

function milliseconds({ count, p50, p99, max }: ReturnType<typeof spread>): string {
  return count === 0 ? 'none' : `p50 ${p50} ms, p99 ${p99} ms, most ${max} ms, of ${number(count)}`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
