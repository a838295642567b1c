/** What met the calls of one invocation of a function, and what it wrote. */
import type { Hit, Run, Write } from '../run.ts';
import { onceOf } from './once-of.ts';

export type CallHit = Hit & {
  fault: Extract<Hit['fault'], { kind: 'call' }>;
  call: NonNullable<Hit['call']>;
};

type Invocation = string | undefined;

const hitsBy = onceOf((run: Run) =>
  byInvocation(
    run.hits.filter((hit): hit is CallHit => hit.fault.kind === 'call' && hit.call !== undefined),
    ({ call }) => call.requestId,
  ),
);

const writesBy = onceOf((run: Run) => byInvocation(run.writes, ({ requestId }) => requestId));

/** In order; none for whoever called from outside. */
export function hitsOf(run: Run, requestId: Invocation): readonly CallHit[] {
  return hitsBy(run).get(requestId) ?? [];
}

/** In order; none for whoever called from outside. */
export function writesOf(run: Run, requestId: Invocation): readonly Write[] {
  return writesBy(run).get(requestId) ?? [];
}

function byInvocation<T>(
  all: readonly T[],
  requestIdOf: (one: T) => Invocation,
): ReadonlyMap<Invocation, readonly T[]> {
  const groups = new Map<Invocation, T[]>();
  for (const one of all) {
    const requestId = requestIdOf(one);
    if (requestId === undefined) continue;
    const group = groups.get(requestId);
    if (group) group.push(one);
    else groups.set(requestId, [one]);
  }
  return groups;
}
