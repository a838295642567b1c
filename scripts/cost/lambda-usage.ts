/** What calls of functions cost: requests, GB-seconds with the starts of new instances, and Lambda's own log lines. */
import { assumptions } from './data.ts';
import { Usage } from './usage.ts';

/** One call of a function: from its first call to AWS until the last is answered. */
export type Work = { function: string; startMs: number; endMs: number; calls: number };

const GB = 1e9;
const MINUTE_MS = 60_000;

/**
 * @param memoryMb  by function
 * @param warm      functions that are called so often that they are never started anew
 * @returns by function
 */
export function lambdaUsage(
  works: readonly Work[],
  memoryMb: ReadonlyMap<string, number>,
  warm: ReadonlySet<string>,
): Map<string, Usage> {
  const { logs } = assumptions;
  const usages = new Map<string, Usage>();
  const idleSince = new Map<string, number[]>();
  for (const work of [...works].sort((a, b) => a.startMs - b.startMs)) {
    const { function: name } = work;
    const usage = usages.get(name) ?? new Usage();
    usages.set(name, usage);
    const memory = memoryMb.get(name)!;
    const ms = durationMs(work, memory);
    usage.add('lambda-request', name, 1);
    usage.add('lambda-gb-s', name, (ms / 1000) * (memory / 1024));
    usage.add(
      'log-gb',
      `${name}, Lambda's own lines`,
      (logs.platformBytesPerInvocation + logs.platformEventsPerInvocation * logs.bytesPerEvent) / GB,
    );
    if (!warm.has(name) && takesNewInstance(work, ms, idleSince))
      usage.add('lambda-gb-s', `${name}, starting`, (assumptions.lambda.initMs / 1000) * (memory / 1024));
  }
  return usages;
}

/** The time of its calls as they ran side by side, and of its own work, which is slower with less memory. */
function durationMs({ startMs, endMs, calls }: Work, memoryMb: number): number {
  const { vcpuMsPerInvocation, vcpuMsPerCall, mbPerVcpu } = assumptions.lambda;
  return endMs - startMs + (vcpuMsPerInvocation + calls * vcpuMsPerCall) * (mbPerVcpu / memoryMb);
}

/** The instance that was free last takes the call, unless none was free within the time for which Lambda keeps it. */
function takesNewInstance(work: Work, ms: number, idleSince: Map<string, number[]>): boolean {
  const instances = idleSince.get(work.function) ?? [];
  idleSince.set(work.function, instances);
  const free = instances.filter((since) => since <= work.startMs).sort((a, b) => b - a)[0];
  const isWarm = free !== undefined && work.startMs - free <= assumptions.lambda.keptWarmMinutes * MINUTE_MS;
  if (free !== undefined) instances.splice(instances.indexOf(free), 1);
  instances.push(work.startMs + ms);
  return !isWarm;
}
