/** Findings about the queues: what waits in them, and what was given up. SQS does not tell an age here, only depths. */
import { type Asked, notAnswered } from './asked.ts';
import type { Finding } from './contract.ts';

export type QueueName = 'intake' | 'due';

/** Messages that may be received now, in the queue and in its dead-letter queue. */
export type QueueDepths = Record<QueueName, { queue: Asked<number>; deadLetters: Asked<number> }>;

/** A storm's worth; Tocsin takes some hundred a second. */
const WAITING_MOST = 1_000;

const TITLES = { intake: 'Intake queue', due: 'Due queue' } as const;

const LATE = {
  intake: 'Alarms become alerts late. See docs/runbooks/intake-late.md.',
  due: 'Escalations and pages are late. See docs/runbooks/due-late.md.',
} as const;

const LOST = {
  intake: 'An alarm may have gone unheard. See docs/runbooks/intake-dead-letters.md.',
  due: 'The tick hands these rows over again while they are due. See docs/runbooks/due-dead-letters.md.',
} as const;

export function checkQueues(depths: QueueDepths): Finding[] {
  return (['intake', 'due'] as const).flatMap((name) => [
    checkWaiting(name, depths[name].queue),
    checkDeadLetters(name, depths[name].deadLetters),
  ]);
}

function checkWaiting(name: QueueName, depth: Asked<number>): Finding {
  const finding = { id: `${name}-queue`, title: TITLES[name] };
  if ('unknown' in depth) return notAnswered(finding, depth.unknown);
  const found = depth.value === 0 ? 'nothing waits' : `${depth.value} messages wait`;
  return depth.value > WAITING_MOST
    ? { ...finding, state: 'failure', found, advice: LATE[name] }
    : { ...finding, state: 'ok', found };
}

function checkDeadLetters(name: QueueName, depth: Asked<number>): Finding {
  const finding = { id: `${name}-dead-letters`, title: `${TITLES[name]}'s dead letters` };
  if ('unknown' in depth) return notAnswered(finding, depth.unknown);
  if (depth.value === 0) return { ...finding, state: 'ok', found: 'none' };
  return {
    ...finding,
    state: name === 'intake' ? 'failure' : 'warning',
    found: depth.value === 1 ? '1 message was given up' : `${depth.value} messages were given up`,
    advice: LOST[name],
  };
}
