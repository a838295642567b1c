/** What goes wrong with AWS and our functions: near what happens, and near the moments of the levels that follow it. */
import type { CallMatch, PlannedFault } from '../story.ts';
import { CALL_FAULTS, CALL_SITES } from './call-sites.ts';
import type { Draw } from './draw.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** A level's moment, a reminder, the end of a quiet time: so long after what happens. */
const LATER_MS = [0, 0, 0, 5, 15, 30, 60].map((minutes) => minutes * MINUTE_MS);

/** Of the calls in the list each seed aims at so many; 200 seeds aim at each some times. */
const AIMED_PER_SEED = 7;

const SCHEDULES = ['tocsin-tick', 'second-tick', 'escalation-audit', 'audit-contacts', 'audit-all'];
const FUNCTIONS = [...new Set(CALL_SITES.map((site) => site.split(' ')[0]!))];
/** What a page needs meets most of what goes wrong. */
const BUSY = ['intake', 'page', 'answer'] as const;

/** How many calls a fault meets: the SDK tries each three times, so that it tells our code of none before the third. */
const HITS = [1, 1, 1, 2, 3, 6, 10] as const;

/** So many faults of a minute or two meet these calls alone. */
type Target = { calls: CallMatch; count: number; hits: readonly number[] };

type Setting = {
  draw: Draw;
  seed: number;
  /** moments at which something happens */
  moments: readonly number[];
  /** nothing goes wrong from then on */
  quietFromMs: number;
  /** how many of any kind, beside those that are aimed */
  count: number;
  target: Target | undefined;
  outages: number;
};

export function planFaults(setting: Setting): PlannedFault[] {
  const { draw, moments, quietFromMs, count, target, outages } = setting;
  if (moments.length === 0) return [];
  const near = (laterMs: readonly number[] = [0]) => {
    const moment = draw.one(moments) + draw.one(laterMs);
    return Math.max(0, Math.round(moment + draw.between(-20, 5) * SECOND_MS));
  };
  const faults = [
    ...aimed(setting),
    ...Array.from({ length: count }, () => anyFault(draw, near(LATER_MS))),
    ...(target ? Array.from({ length: target.count }, () => targeted(draw, near(), target)) : []),
    ...Array.from({ length: outages }, () => outage(draw, near(LATER_MS))),
  ];
  return faults
    .filter(({ at }) => at < quietFromMs)
    .map((fault) => ({ ...fault, forMs: Math.min(fault.forMs, quietFromMs - fault.at) }))
    .sort((a, b) => a.at - b.at);
}

/** The seeds pass through all calls and all that can go wrong with one. Each lasts until it has met something. */
function aimed({ draw, seed, quietFromMs }: Setting): PlannedFault[] {
  const pairs = CALL_SITES.length * CALL_FAULTS.length;
  return Array.from({ length: AIMED_PER_SEED }, (_, n) => {
    const pair = ((seed % pairs) * AIMED_PER_SEED + n) % pairs;
    const [name, service, action] = CALL_SITES[Math.floor(pair / CALL_FAULTS.length)]!.split(' ') as [
      string,
      string,
      string,
    ];
    const at = draw.whole(0, Math.round(quietFromMs / 2));
    return {
      at,
      kind: 'call',
      function: name,
      service,
      action,
      fault: CALL_FAULTS[pair % CALL_FAULTS.length]!,
      skip: draw.one([0, 0, 0, 1, 2]),
      count: draw.one(HITS),
      forMs: quietFromMs - at,
    };
  });
}

function anyFault(draw: Draw, at: number): PlannedFault {
  const forMs = draw.whole(1, 20) * MINUTE_MS;
  switch (draw.weighted({ call: 10, message: 3, schedule: 2, stale: 1, lose: 1 })) {
    case 'message': {
      const laterMs = draw.one([
        [0, 0],
        [0, 0, 0],
        [draw.whole(1, 240) * SECOND_MS],
        [draw.whole(1, 240) * SECOND_MS],
        [0, draw.whole(1, 900) * SECOND_MS],
      ]);
      return {
        at,
        kind: 'message',
        queue: draw.one(['intake', 'due']),
        laterMs,
        count: draw.whole(1, 4),
        forMs,
      };
    }
    case 'schedule': {
      const laterMs = draw.one([[], [], [0, 0], [draw.whole(1, 58) * SECOND_MS]]);
      const schedule = draw.weighted({
        [SCHEDULES[0]!]: 4,
        [SCHEDULES[1]!]: 3,
        [SCHEDULES[2]!]: 1,
        [SCHEDULES[3]!]: 1,
        [SCHEDULES[4]!]: 0.5,
      });
      return { at, kind: 'schedule', schedule, laterMs, count: draw.whole(1, 3), forMs: 6 * forMs };
    }
    case 'stale':
      return { at, kind: 'stale-index', lagMs: draw.one([200, 1_000, 5_000, 30_000]), forMs };
    case 'lose':
      return { at, kind: 'lose', channel: draw.one(['sms', 'email']), count: draw.whole(1, 2), forMs };
    default:
      return callFault(draw, at, forMs);
  }
}

function callFault(draw: Draw, at: number, forMs: number): PlannedFault {
  const fault = draw.one(CALL_FAULTS);
  const which = draw.weighted({ function: 5, service: 2, any: 1 });
  const name = draw.chance(0.8) ? draw.one(BUSY) : draw.one(FUNCTIONS);
  return {
    at,
    kind: 'call',
    ...(which === 'function' && { function: name }),
    ...(which === 'service' && { service: draw.one(['dynamodb', 'sns', 'sqs'] as const) }),
    fault,
    skip: draw.whole(0, 8),
    count: draw.one(HITS),
    forMs,
    ...(fault === 'slow' && { slowMs: draw.one([300, 2_000, 8_000]) }),
  };
}

/** Where it matters: a page's sender crashes, or AWS refuses until the SDK gives up. */
function targeted(draw: Draw, at: number, { calls, hits }: Target): PlannedFault {
  return {
    at,
    kind: 'call',
    ...calls,
    fault: draw.one(['crash-before', 'crash-before', 'crash-after', 'fail-before', 'throttle', 'fail-after']),
    skip: draw.whole(0, 2),
    count: draw.one(hits),
    forMs: draw.whole(60, 150) * SECOND_MS,
  };
}

/** A service answers nothing, or nothing but errors, for a while. */
function outage(draw: Draw, at: number): PlannedFault {
  return {
    at,
    kind: 'call',
    service: draw.one(['dynamodb', 'sns', 'sqs']),
    fault: draw.one(['fail-before', 'throttle', 'time-out', 'fail-after']),
    skip: 0,
    count: draw.whole(5, 60),
    forMs: draw.whole(1, 15) * MINUTE_MS,
  };
}
