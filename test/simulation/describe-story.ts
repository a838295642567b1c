/** A story in lines that a person can read: when, and what happened or went wrong. */
import type { PlannedFault, Reaction, Story, StoryEvent } from './story.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** `2026-06-01T08:14:20.250Z  alarm disk-full: ALARM` */
export function describeStory(story: Story): string[] {
  const iso = (at: number) => new Date(story.startMs + at).toISOString();
  const happens = [
    ...story.events.map((event) => ({ at: event.at, what: describeEvent(event, story.startMs) })),
    ...story.faults.map((fault) => ({ at: fault.at, what: `FAULT ${describeFault(fault)}` })),
  ].sort((a, b) => a.at - b.at);
  return [
    `${iso(0)}  the team is ${story.team}`,
    ...happens.map(({ at, what }) => `${iso(at)}  ${what}`),
    `${iso(story.days * 24 * 60 * MINUTE_MS)}  the story ends`,
    ...Object.entries(story.reactions).flatMap(([responder, list]) => describeReactions(responder, list)),
  ];
}

function describeEvent(event: StoryEvent, startMs: number): string {
  switch (event.kind) {
    case 'alarm':
      return `alarm ${event.alarm}: ${event.state}${event.suppressed ? ', its actions suppressed' : ''}`;
    case 'alarm-deleted':
      return `alarm ${event.alarm} is deleted`;
    case 'event': {
      const { sender, action, key, severity, class: kind } = event;
      return [`${sender}: ${action} ${key}`, severity, kind && `class ${kind}`].filter(Boolean).join(', ');
    }
    case 'malformed':
      return `intake queue: ${JSON.stringify(event.body)}, which nobody can read`;
    case 'command': {
      const { command, from, ...rest } = event.command;
      const planned = typeof from === 'number' ? ` from ${new Date(from).toISOString()}` : '';
      const about = event.alert === undefined ? '' : ` ${event.alert}`;
      return `operator: ${command}${about}${planned} ${JSON.stringify(rest)}`;
    }
    case 'deploy':
      return `deploy of ${event.team}, beside the old code for ${duration(event.overlapMs)} (${new Date(startMs + event.at + event.overlapMs).toISOString()})`;
    case 'lost':
      return `SNS loses each ${event.channel} to ${event.responder} for ${duration(event.forMs)}`;
    case 'opted-out':
      return `${event.responder} has opted out of SMS for ${duration(event.forMs)}`;
    case 'unsubscribed':
      return `${event.responder}'s email is not confirmed for ${duration(event.forMs)}`;
  }
}

function describeFault(fault: PlannedFault): string {
  switch (fault.kind) {
    case 'call': {
      const { function: caller, service, action, skip, count, slowMs } = fault;
      const call = [caller ?? 'any function', service ?? 'any service', action].filter(Boolean).join(' ');
      const after = skip === 0 ? '' : ` after ${skip} of them`;
      const slow = slowMs === undefined ? '' : ` (${duration(slowMs)})`;
      return `${fault.fault}${slow}: ${count} calls of ${call}${after}, within ${duration(fault.forMs)}`;
    }
    case 'message':
      return `the next ${fault.count} messages into the ${fault.queue} queue ${describeLater(fault.laterMs)}, within ${duration(fault.forMs)}`;
    case 'schedule':
      return `the next ${fault.count} runs of ${fault.schedule} ${describeLater(fault.laterMs)}, within ${duration(fault.forMs)}`;
    case 'stale-index':
      return `indexes are ${duration(fault.lagMs)} old for ${duration(fault.forMs)}`;
    case 'lose':
      return `SNS accepts and loses the next ${fault.count} ${fault.channel}, within ${duration(fault.forMs)}`;
  }
}

function describeLater(laterMs: readonly number[]): string {
  if (laterMs.length === 0) return 'are skipped';
  return `come ${laterMs.map((ms) => (ms === 0 ? 'at once' : `${duration(ms)} later`)).join(' and ')}`;
}

/** Who never answers is left out. */
function describeReactions(responder: string, reactions: readonly (Reaction | null)[]): string[] {
  return reactions.flatMap((reaction, n) => {
    if (reaction === null) return [];
    const { action, afterMs, againAfterMs } = reaction;
    const again = againAfterMs === undefined ? '' : `, and again ${duration(againAfterMs)} later`;
    return [`${responder}, message ${n + 1}: ${action} after ${duration(afterMs)}${again}`];
  });
}

/** `2 h 5 min`, `1.25 s` */
function duration(ms: number): string {
  if (ms < MINUTE_MS) return `${ms / SECOND_MS} s`;
  const hours = Math.floor(ms / (60 * MINUTE_MS));
  const rest = (ms - hours * 60 * MINUTE_MS) / MINUTE_MS;
  const minutes = rest === 0 ? [] : [`${Math.round(rest * 1_000) / 1_000} min`];
  return [...(hours > 0 ? [`${hours} h`] : []), ...minutes].join(' ');
}
