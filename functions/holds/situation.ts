/** What holds now and operations.ts cannot know: windows and silences started by hand, contacts that cannot be reached. */
import * as z from 'zod/mini';
import type { Operations, PageChannel, Window } from '../operations/operations.ts';

/** So many windows and silences may be set at once; the row is read with every signal. */
export const WINDOWS_MOST = 50;

export const Situation = z.object({
  version: z.number(),
  windows: z.array(
    z.object({
      id: z.string(),
      hold: z.enum(['maintenance', 'silenced']),
      match: z.object({
        service: z.optional(z.string()),
        severity: z.optional(z.enum(['critical', 'warning', 'info'])),
        labels: z.optional(z.record(z.string(), z.string())),
      }),
      reason: z.string(),
      by: z.string(),
      from: z.number(),
      until: z.number(),
    }),
  ),
  unreachable: z.array(
    z.object({
      responder: z.string(),
      channel: z.enum(['sms', 'email']),
      reason: z.string(),
      since: z.number(),
      /** believed until then, when a delivery report said so; otherwise until the audit finds it reachable */
      until: z.optional(z.number()),
    }),
  ),
  /** of the windows and inhibitions that operations.ts had when all open alerts were last reviewed */
  procedures: z.optional(z.string()),
});
export type Situation = z.infer<typeof Situation>;

export const CALM: Situation = { version: 0, windows: [], unreachable: [] };

/** The team's procedures as they stand now: what every rule decides by. */
export function operationsNow(operations: Operations, situation: Situation, nowMs: number): Operations {
  if (situation.windows.length === 0 && situation.unreachable.length === 0) return operations;
  const byHand = situation.windows.map((window): Window => ({ kind: 'once', ...window }));
  const responders = { ...operations.responders };
  for (const { responder, channel, reason, until = Number.POSITIVE_INFINITY } of situation.unreachable) {
    const person = Object.hasOwn(responders, responder) ? responders[responder] : undefined;
    if (person && until > nowMs)
      responders[responder] = { ...person, unreachable: { ...person.unreachable, [channel]: reason } };
  }
  return { ...operations, responders, windows: [...operations.windows, ...byHand] };
}

/** Whose channel it is, as one text. */
export function contactName(responder: string, channel: PageChannel): string {
  return `${responder} ${channel}`;
}
