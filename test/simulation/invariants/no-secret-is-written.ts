/** No address, token or key in any log, row, message of a queue, or reason of a dead letter. Source: design, Security */
import { leaks, type Written } from '../../security/written.ts';
import type { Invariant } from '../run.ts';

export const noSecretIsWritten: Invariant = (run) => {
  const written: Written[] = [
    ...run.logs.map(({ function: caller, line }) => ({ where: `the log of ${caller}`, text: line })),
    ...run.items.map((row) => ({ where: `the row ${row.pk} ${row.sk}`, text: JSON.stringify(row) })),
    ...run.queued.map(({ queue, body }) => ({ where: `a message in ${queue}`, text: body })),
    ...run.deadLetters.map(({ queue, body, reason }) => ({
      where: `a dead letter of ${queue}`,
      text: `${reason} ${body}`,
    })),
  ];
  return leaks(written, run.secrets).map((what) => ({
    invariant: 'no-secret-is-written',
    at: run.endMs,
    what,
  }));
};
