/** The operator's commands, as the command line sends them: list, show, acknowledge, resolve, escalate. */
import * as z from 'zod/mini';
import type { Alert, TimelineEntry } from '../alerts/alert.ts';
import type { Answer } from '../alerts/answer-alert.ts';
import type { AlertFeed } from '../alerts/feed.store.ts';
import type { AnswerPorts } from './answer.ports.ts';
import { giveAnswer } from './give-answer.ts';

const LIST_MOST = 200;

export const Command = z.discriminatedUnion('command', [
  z.object({
    command: z.literal('list'),
    ended: z.optional(z.boolean()),
    limit: z.optional(z.number().check(z.int(), z.minimum(1), z.maximum(LIST_MOST))),
  }),
  z.object({ command: z.literal('show'), id: z.string() }),
  z.object({
    command: z.enum(['acknowledge', 'resolve', 'escalate']),
    id: z.string(),
    /** `cli:<user>` */
    by: z.string().check(z.minLength(1), z.maxLength(100)),
  }),
]);
export type Command = z.infer<typeof Command>;

export type CommandAnswer =
  | { kind: 'ok'; alerts: Alert[] }
  | { kind: 'ok'; alert: Alert; timeline: TimelineEntry[] }
  | { kind: 'ok'; outcome: string; alert: Alert }
  | { kind: 'rejected' | 'not-found' | 'conflict'; message: string };

/** Answers one command; what cannot be done is an answer too. */
export async function operate(
  input: unknown,
  ports: AnswerPorts & { feed: AlertFeed },
): Promise<CommandAnswer> {
  const parsed = Command.safeParse(input);
  if (!parsed.success) {
    const problem = parsed.error.issues
      .map(({ path, message }) => `${path.join('.')}: ${message}`)
      .join('; ');
    return {
      kind: 'rejected',
      message: `not a command: ${problem}. Send list, show, acknowledge, resolve or escalate.`,
    };
  }
  const command = parsed.data;
  switch (command.command) {
    case 'list':
      return {
        kind: 'ok',
        alerts: await ports.feed.list(command.ended ? 'ended' : 'open', command.limit ?? LIST_MOST),
      };
    case 'show':
      return show(command.id, ports);
    default:
      return answer(command.id, command.command, command.by, ports);
  }
}

async function show(id: string, ports: AnswerPorts): Promise<CommandAnswer> {
  const alert = await ports.alerts.read(id);
  if (!alert || alert.openedAt === 0) return notFound(id);
  return { kind: 'ok', alert, timeline: await ports.alerts.readTimeline(alert) };
}

async function answer(id: string, verb: Answer, by: string, ports: AnswerPorts): Promise<CommandAnswer> {
  const given = await giveAnswer(id, verb, by, ports);
  switch (given.kind) {
    case 'not-found':
      return notFound(id);
    case 'nothing-to-do':
      return { kind: 'conflict', message: `alert ${id}: ${given.reason}` };
    case 'answered-before':
      return { kind: 'ok', outcome: 'acknowledged again', alert: given.alert };
    case 'done':
      return { kind: 'ok', outcome: PAST[verb], alert: given.alert };
  }
}

const PAST = {
  acknowledge: 'acknowledged',
  resolve: 'resolved',
  escalate: 'escalated',
} as const satisfies Record<Answer, string>;

function notFound(id: string): CommandAnswer {
  return { kind: 'not-found', message: `there is no alert ${id}: list them with \`tocsin alerts\`` };
}
