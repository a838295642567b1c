/** The numbers of operational-procedures.md, and what a file that leaves something out resolves to. */
import type { Severity } from '../alerts/alert.ts';
import type { EscalationPolicy, PageChannel } from './operations.ts';

export const BOTH_CHANNELS: readonly PageChannel[] = ['sms', 'email'];

/** An alert that flaps within this time stays one alert. */
export const QUIET_MINUTES = 5;

export const FORGOTTEN_MINUTES = 15;

/** Opt-in: a file that names a zone has this window. Source: operational-procedures.md, Scheduled Maintenance */
export const WEEKLY_WINDOW = { days: ['sunday'], from: '02:00', to: '04:00' } as const;

/**
 * Schedules that find their level by their name.
 * Source: operational-procedures.md, Escalation Procedures
 */
export const LEVELS_OF_PROCEDURES: readonly (readonly string[])[] = [
  ['operations'],
  ['senior-operations', 'development'],
  ['management', 'architecture'],
  ['executive', 'external-support'],
];

/** Source: operational-procedures.md, Alert Management and Escalation Procedures; the repeats: design, Escalation */
export const ESCALATION: Readonly<Record<Severity, EscalationPolicy>> = {
  critical: {
    steps: [
      { level: 1, afterMinutes: 0, channels: ['sms', 'email'] },
      { level: 2, afterMinutes: 15, channels: ['sms', 'email'] },
      { level: 3, afterMinutes: 30, channels: ['sms', 'email'] },
      { level: 4, afterMinutes: 60, channels: ['sms', 'email'] },
    ],
    repeat: [{ everyMinutes: 30, untilMinutes: 1440 }, { everyMinutes: 240 }],
    ackTimeoutMinutes: 60,
  },
  warning: {
    steps: [
      { level: 1, afterMinutes: 0, channels: ['email'] },
      { level: 1, afterMinutes: 30, channels: ['sms'] },
      { level: 2, afterMinutes: 45, channels: ['sms', 'email'] },
    ],
    repeat: [{ everyMinutes: 60 }],
    ackTimeoutMinutes: 240,
  },
  info: { steps: [], repeat: [], ackTimeoutMinutes: null },
};

/**
 * The levels of a file that names none.
 * Schedules keep the level of the procedures, even when a lower one stays empty: an empty level hands its moment on.
 */
export function defaultLevels(responders: readonly string[], schedules: readonly string[]): string[][] {
  if (schedules.length > 0)
    return LEVELS_OF_PROCEDURES.map((names) => names.filter((name) => schedules.includes(name)));
  return [responders.slice(0, 1), [...responders], [...responders], [...responders]];
}
