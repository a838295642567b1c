/** What the stories of a run have met, counted: which faults, at which calls, what became of alerts, people and levels. */
import type { TimelineEntry } from '../../functions/alerts/alert.ts';
import { boundsOf } from './invariants/owed-levels.ts';
import type { Hit, Run } from './run.ts';
import { CALL_FAULTS, CALL_SITES } from './stories/call-sites.ts';

/** By what it was. */
export type Met = {
  /** what the world outside did: `alarm suppressed` */
  events: Record<string, number>;
  /** `call crash-before`, `schedule skipped` */
  faults: Record<string, number>;
  /** `page sns Publish: crash-before`, and with another call than the list has: `… (not in the list)` */
  calls: Record<string, number>;
  /** `link acknowledge: 303`, `sender: 202` */
  answers: Record<string, number>;
  /** what timelines tell: `alert.held muted` */
  lives: Record<string, number>;
  /** what each level's moment was held to: `within 5 s, no fault near` */
  moments: Record<string, number>;
};

export const nothingMet = (): Met => ({
  events: {},
  faults: {},
  calls: {},
  answers: {},
  lives: {},
  moments: {},
});

export function metIn(run: Run): Met {
  const { story, hits, callCounts, requests, answers, lives, publishes } = run;
  const met = nothingMet();
  const count = (among: keyof Met, what: string) => {
    met[among][what] = (met[among][what] ?? 0) + 1;
  };
  for (const event of story.events) count('events', nameOfEvent(event));
  for (const hit of hits) {
    count('faults', nameOfHit(hit));
    const { fault, call } = hit;
    if (fault.kind === 'call' && call) count('calls', `${siteOf(call)}: ${fault.fault}`);
  }
  const known = new Set<string>(CALL_SITES);
  for (const site of Object.keys(callCounts))
    if (!known.has(site)) count('calls', `${site} (not in the list)`);
  for (const { by, action, status } of answers)
    count('answers', `${by === 'operator' ? 'operator' : 'link'} ${action}: ${status || 'no answer'}`);
  for (const { key, at, status } of requests)
    count('answers', `sender${at >= key.endedFrom ? ' with an ended key' : ''}: ${status}`);
  for (const { timeline } of lives) for (const entry of timeline) count('lives', nameOfEntry(entry));
  for (const { alerts, isStorm, channel } of publishes) {
    if (isStorm) count('lives', 'message of a storm');
    else if (alerts.length > 1) count('lives', 'message of several alerts');
    if (channel === 'topic') count('lives', 'message to the watchers');
  }
  for (const heldTo of boundsOf(run)) count('moments', heldTo);
  return met;
}

/** Of every call in the list and everything that can go wrong with it: what no story has met. */
export function neverMet({ calls }: Met): string[] {
  return CALL_SITES.flatMap((site) => CALL_FAULTS.map((fault) => `${site}: ${fault}`)).filter(
    (one) => !calls[one],
  );
}

export function addMet(sum: Met, more: Met): void {
  for (const among of Object.keys(sum) as (keyof Met)[]) {
    for (const [what, count] of Object.entries(more[among]))
      sum[among][what] = (sum[among][what] ?? 0) + count;
  }
}

function nameOfEvent(event: Run['story']['events'][number]): string {
  switch (event.kind) {
    case 'alarm':
      return `alarm ${event.state}${event.suppressed ? ', suppressed' : ''}`;
    case 'event':
      return `sender ${event.action}`;
    case 'command':
      return `operator ${event.command.command}`;
    default:
      return event.kind;
  }
}

export function nameOfHit({ fault }: Pick<Hit, 'fault'>): string {
  switch (fault.kind) {
    case 'call':
      return `call ${fault.fault}`;
    case 'message':
    case 'schedule': {
      const what = fault.kind === 'message' ? `message of ${fault.queue}` : fault.schedule;
      if (fault.laterMs.length === 0) return `${what} skipped`;
      if (fault.laterMs.length > 1) return `${what} repeated`;
      return `${what} late`;
    }
    case 'lose':
      return `${fault.channel} accepted and lost`;
    default:
      return fault.kind;
  }
}

function siteOf({ function: caller, service, action }: NonNullable<Hit['call']>): string {
  return `${caller.replace(/^[^-]+-/, '')} ${service} ${action}`;
}

/** Reasons that quote somebody are left out. */
function nameOfEntry({ event, reason }: TimelineEntry): string {
  return reason !== undefined && /^[a-z][a-z-]{0,30}$/.test(reason) ? `${event} ${reason}` : event;
}
