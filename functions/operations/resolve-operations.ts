/** Fills every default of a checked file. */
import type { Severity } from '../alerts/alert.ts';
import { momentOf, type WallTime } from '../holds/wall-time.ts';
import { WEEKDAYS } from './check-windows.ts';
import {
  BOTH_CHANNELS,
  defaultLevels,
  ESCALATION,
  FORGOTTEN_MINUTES,
  QUIET_MINUTES,
  WEEKLY_WINDOW,
} from './defaults.ts';
import type { EscalationPolicy, Inhibition, Match, Operations, Window } from './operations.ts';
import type { EscalationPolicyInput, MaintenanceInput, OperationsInput } from './operations-input.ts';

/** @param input  a file without mistakes */
export function resolveOperations(input: OperationsInput): Operations {
  const schedules = input.schedules ?? {};
  const levels = input.levels ?? defaultLevels(Object.keys(input.responders), Object.keys(schedules));
  const policyOf = (severity: Severity) =>
    resolvePolicy(input.escalation?.[severity] ?? {}, ESCALATION[severity], levels.length);
  return {
    responders: mapValues(input.responders, ({ name, ...contact }, key) => ({
      name: name ?? key,
      ...contact,
    })),
    schedules: mapValues(schedules, (names) => [...names]),
    levels: levels.map((names) => [...names]),
    escalation: { critical: policyOf('critical'), warning: policyOf('warning'), info: policyOf('info') },
    services: mapValues(input.services ?? {}, (service) => ({ ...service })),
    routes: (input.routes ?? []).map((route) => structuredClone(route)),
    windows: resolveWindows(input.maintenance ?? []),
    inhibitions: (input.inhibitions ?? []).map((inhibition) => structuredClone(inhibition) as Inhibition),
    quietMinutes: input.quietMinutes ?? QUIET_MINUTES,
    forgottenMinutes: input.forgottenMinutes ?? FORGOTTEN_MINUTES,
    ...(input.watchers && { watchers: { ...input.watchers } }),
  };
}

/** A default step above the highest level pages that one: fewer levels keep all the moments. */
function resolvePolicy(
  input: EscalationPolicyInput,
  byDefault: EscalationPolicy,
  highestLevel: number,
): EscalationPolicy {
  const steps =
    input.steps ?? byDefault.steps.map((step) => ({ ...step, level: Math.min(step.level, highestLevel) }));
  return {
    steps: steps.map((step) => ({
      level: step.level,
      afterMinutes: step.afterMinutes,
      channels: [...(step.channels ?? BOTH_CHANNELS)],
    })),
    repeat: (input.repeat ?? byDefault.repeat).map((repeat) => ({ ...repeat })),
    ackTimeoutMinutes:
      input.ackTimeoutMinutes === undefined ? byDefault.ackTimeoutMinutes : input.ackTimeoutMinutes,
  };
}

/** Times of a single window become moments; those without a name are numbered. */
function resolveWindows(windows: readonly MaintenanceInput[]): Window[] {
  const names = new Set(windows.flatMap(({ name }) => name ?? []));
  return windows.map(({ zone, name, match = {}, ...when }) => {
    const id = name ?? freshName(when.until === undefined ? 'weekly' : 'once', names);
    const common = { id, hold: 'maintenance' as const, match: structuredClone(match) as Match, reason: id };
    if (when.until !== undefined) {
      return {
        ...common,
        kind: 'once',
        from: momentOf(zone, readDateTime(when.from)),
        until: momentOf(zone, readDateTime(when.until)),
      };
    }
    const { days, from, to } = { ...WEEKLY_WINDOW, ...when };
    return { ...common, kind: 'weekly', zone, days: days.map((day) => WEEKDAYS.indexOf(day)), from, to };
  });
}

/** `weekly`, `weekly-2` … */
function freshName(kind: string, taken: Set<string>): string {
  let name = kind;
  for (let n = 2; taken.has(name); n++) name = `${kind}-${n}`;
  taken.add(name);
  return name;
}

/** `2026-12-24T20:00` */
function readDateTime(text: string): WallTime {
  const [year, month, day, hour, minute] = text.split(/[-T:]/).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { year, month, day, hour, minute };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A, key: string) => B) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
