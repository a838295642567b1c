/** No address, token or key in any log, durable write, message to a queue, metric, or dead letter. Source: design, Security */
import { leaks, type Written } from '../../security/written.ts';
import type { Invariant, Run } from '../run.ts';

export const noSecretIsWritten: Invariant = (run) =>
  leaks(writtenIn(run), run.secrets).map((what) => ({
    invariant: 'no-secret-is-written',
    at: run.endMs,
    what,
  }));

/** Each text once, where it first stood: most of a row is what the write before it had left there. */
function writtenIn(run: Run): Written[] {
  const places = new Map<string, string>();
  const add = (where: string, value: unknown) => {
    for (const text of textsOf(value)) if (!places.has(text)) places.set(text, where);
  };
  for (const { function: caller, line } of run.logs) add(`the log of ${caller}`, line);
  for (const { pk, sk, after } of run.writes) add(`the row ${pk} ${sk}`, after);
  for (const row of run.items) add(`the row ${row.pk} ${row.sk}`, row);
  for (const { function: caller, service, action, input } of run.handedOver)
    add(`the call ${service} ${action} of ${caller}`, input);
  for (const { queue, body } of run.queued) add(`a message in ${queue}`, body);
  for (const { queue, body, reason } of run.deadLetters)
    add(`a dead letter of ${queue}`, `${reason} ${body}`);
  return [...places].map(([text, where]) => ({ where, text }));
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
}
