/** A team of so many people: those on call by level, the others off duty; every default of the procedures. */
import { defineOperations } from '../../functions/operations/define-operations.ts';
import type { Operations } from '../../functions/operations/operations.ts';

/** Of one file of procedures. Source: functions/operations/check-names.ts */
export const RESPONDERS_MOST = 50;

/** Alarms whose names begin like this page by email alone. */
export const BY_EMAIL = 'email-';

/** The schedules of the procedures: operations; senior operations and development; management and architecture; executive and external support. */
const ON_CALL = [1, 2, 2, 2];

const MAIL = { channels: ['email' as const] };

/** @param responders  from 1 to {@link RESPONDERS_MOST} */
export function generateTeam(responders: number): Operations {
  const names = Array.from({ length: responders }, (_, n) => `responder-${n + 1}`);
  return defineOperations({
    responders: Object.fromEntries(
      names.map((name, n) => [
        name,
        { email: `${name}@example.com`, phone: `+1202555${String(100 + n).padStart(4, '0')}` },
      ]),
    ),
    levels: levelsOf(names),
    routes: [{ match: { alarmName: `${BY_EMAIL}*` }, severity: 'warning' }],
    // As critical alerts are answered, but by email.
    escalation: {
      warning: {
        steps: [
          { level: 1, afterMinutes: 0, ...MAIL },
          { level: 2, afterMinutes: 15, ...MAIL },
          { level: 3, afterMinutes: 30, ...MAIL },
          { level: 4, afterMinutes: 60, ...MAIL },
        ],
        repeat: [{ everyMinutes: 30, untilMinutes: 1440 }, { everyMinutes: 240 }],
        ackTimeoutMinutes: 60,
      },
    },
  });
}

/** With fewer people than the procedures have, one for each level as far as they go. */
function levelsOf(names: readonly string[]): string[][] {
  const isSmall = names.length < ON_CALL.reduce((sum, count) => sum + count);
  const levels: string[][] = [];
  let next = 0;
  for (const count of ON_CALL) {
    const people = names.slice(next, next + (isSmall ? 1 : count));
    levels.push(people.length > 0 ? people : names.slice(-1));
    next += people.length;
  }
  return levels;
}
