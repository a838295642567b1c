/** The table of the design's chapter Escalation, as the model reads it. */
import { CHANNELS, LEVELS } from './model-team.ts';

export type Severity = 'critical' | 'warning' | 'info';
export type Contact = { responder: string; channel: 'sms' | 'email' | 'topic' };

/** Who is told when there is nobody else. */
export const WATCHERS: Contact = { responder: 'watchers', channel: 'topic' };

/** A level's moment, in minutes of the escalation clock. */
export type Moment = { minute: number; level: number; channels: readonly ('sms' | 'email')[] };

type Procedure = {
  moments: readonly Moment[];
  /** after the last one it is taken again, so many minutes later */
  again: (minute: number) => number;
  /** minutes after which an acknowledgement is reminded of */
  remindAfter: number;
};

const both = ['sms', 'email'] as const;

export const PROCEDURES: Record<Severity, Procedure | undefined> = {
  critical: {
    moments: [
      { minute: 0, level: 1, channels: both },
      { minute: 15, level: 2, channels: both },
      { minute: 30, level: 3, channels: both },
      { minute: 60, level: 4, channels: both },
    ],
    again: (minute) => (minute < 1440 ? 30 : 240),
    remindAfter: 60,
  },
  warning: {
    moments: [
      { minute: 0, level: 1, channels: ['email'] },
      { minute: 30, level: 1, channels: ['sms'] },
      { minute: 45, level: 2, channels: both },
    ],
    again: () => 60,
    remindAfter: 240,
  },
  info: undefined,
};

/** The next of the table; after its last one, and whenever that one is repeated, the same again. */
export function momentAfter({ moments, again }: Procedure, moment: Moment): Moment {
  const later = moments[moments.indexOf(moment) + 1];
  if (moments.includes(moment) && later) return later;
  return { ...moment, minute: moment.minute + again(moment.minute) };
}

/** "An empty level hands its moment to the next level that has somebody, else to the highest that has." */
export function pagedFor({ level, channels }: Moment): { level: number; contacts: Contact[] } {
  const staffed = LEVELS.map((_, i) => i + 1).filter((n) => LEVELS[n - 1]!.length > 0);
  const paged = staffed.find((n) => n >= level) ?? staffed.at(-1)!;
  const contacts = LEVELS[paged - 1]!.flatMap((responder) => contactsOf(responder, channels));
  return { level: paged, contacts };
}

/** Who has none of the channels is paged on what they have. */
export function contactsOf(responder: string, wanted: readonly string[] = both): Contact[] {
  const has = CHANNELS[responder] ?? [];
  const matching = has.filter((channel) => wanted.includes(channel));
  return (matching.length > 0 ? matching : has).map((channel) => ({ responder, channel }));
}
