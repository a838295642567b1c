/** Fills every default of a checked file. */
import type { Severity } from '../alerts/alert.ts';
import { BOTH_CHANNELS, defaultLevels, ESCALATION, FORGOTTEN_MINUTES, QUIET_MINUTES } from './defaults.ts';
import type { EscalationPolicy, Operations } from './operations.ts';
import type { EscalationPolicyInput, OperationsInput } from './operations-input.ts';

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
    windows: [],
    inhibitions: [],
    quietMinutes: input.quietMinutes ?? QUIET_MINUTES,
    forgottenMinutes: input.forgottenMinutes ?? FORGOTTEN_MINUTES,
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

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A, key: string) => B) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
