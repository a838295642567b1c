/** What Linux knows of a process: processor time and resident memory. */
import { readFileSync } from 'node:fs';

/** In a second, on every Linux of our time. Source: proc(5), sysconf(_SC_CLK_TCK) */
const CLOCK_TICKS = 100;

/**
 * @returns seconds of processor time so far, of all its threads, user and system; and resident memory in MB, of which
 * `ownMb` is what it asked for itself: the rest are files that it has mapped, and the kernel takes that back when it likes
 */
export function usageOf(pid: number): { cpuS: number; residentMb: number; ownMb: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before it may hold anything; utime and stime are the 14th and 15th field.
  const [utime = 0, stime = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuS: (utime + stime) / CLOCK_TICKS,
    residentMb: megabytes(status, 'VmRSS'),
    ownMb: megabytes(status, 'RssAnon'),
  };
}

function megabytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
}
