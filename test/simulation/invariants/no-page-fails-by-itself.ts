/** A page fails only because AWS failed whoever sent it: what our own code cannot do is a bug. Source: design, Errors */
import type { TimelineEntry } from '../../../functions/alerts/alert.ts';
import type { Invariant, Run } from '../run.ts';
import { type CallHit, hitsOf } from './invocations.ts';
import { historiesOf, type LifeHistory } from './life-history.ts';
import { iso, nameContact, nameLife } from './words.ts';

/** The SDK waits at least so long for an answer; what is slow is as slow where a story does not say. Source: shared/table.store.ts */
const CALL_TIMEOUT_MS = 2_000;

/** The SDK tries every call at least so often. Source: paging/sns.sender.ts */
const TRIES_LEAST = 2;

export const noPageFailsByItself: Invariant = (run) =>
  historiesOf(run).flatMap((life) =>
    life.timeline
      .filter((entry) => entry.event === 'page.failed' && !isFailedByAws(run, life, entry))
      .map(({ at, page, responder = '?', channel = '?', reason }) => ({
        invariant: 'no-page-fails-by-itself',
        at,
        what: `page ${page} of alert ${nameLife(life)} to ${nameContact({ responder, channel })} failed at ${iso(at)}, and no call of whoever sent it had failed: ${reason}`,
      })),
  );

/** Before it wrote that the page failed, a call of the same invocation had failed as often as the SDK tries it. */
function isFailedByAws(run: Run, { states }: LifeHistory, { version, n }: TimelineEntry): boolean {
  const write = states.find(({ entries }) =>
    entries.some((entry) => entry.version === version && entry.n === n),
  )?.write;
  const tries = new Map<string, number>();
  for (const { fault, call } of hitsOf(run, write?.requestId)) {
    if (call.n >= write!.n || !failsCall(fault)) continue;
    const name = `${call.service} ${call.action}`;
    tries.set(name, (tries.get(name) ?? 0) + 1);
  }
  return Math.max(0, ...tries.values()) >= TRIES_LEAST;
}

function failsCall({ fault, slowMs = CALL_TIMEOUT_MS }: CallHit['fault']): boolean {
  return fault !== 'slow' || slowMs >= CALL_TIMEOUT_MS;
}
