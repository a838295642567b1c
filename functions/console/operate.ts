/** The operator's commands, as the command line sends them, each handed to the use case that does it. */

import type { Alert } from '../alerts/alert.ts';
import type { Answer } from '../alerts/answer-alert.ts';
import { type AlertFeed, COUNT_MOST } from '../alerts/feed.store.ts';
import { readOperations } from '../holds/read-operations.ts';
import { addKey, type KeyPorts, listKeys, revokeKey } from '../intake/manage-keys.ts';
import { type RaisePorts, raiseAlert } from '../intake/raise-alert.ts';
import type { PagingPorts } from '../paging/paging.ports.ts';
import { Command, type CommandAnswer, LIST_MOST } from './commands.ts';
import { type Given, giveAnswer } from './give-answer.ts';

export type { Command, CommandAnswer } from './commands.ts';

/** Lambda answers with at most 6 MB; alerts have a few KB each, and at most 64. Source: Lambda quotas */
const LIST_MOST_CHARS = 4_000_000;

export type OperatePorts = PagingPorts & KeyPorts & RaisePorts & { feed: AlertFeed };

/** Answers one command; what cannot be done is an answer too. */
export async function operate(input: unknown, ports: OperatePorts): Promise<CommandAnswer> {
  const parsed = Command.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'all'}: ${message}`);
    return {
      kind: 'rejected',
      message: `not a command that this installation knows (${problems.join('; ')}): is it as new as the command line?`,
    };
  }
  const command = parsed.data;
  switch (command.command) {
    case 'list':
      return list(command.ended ? 'ended' : 'open', command.limit ?? LIST_MOST, ports);
    case 'show':
      return show(command.id, ports);
    case 'acknowledge':
    case 'resolve':
    case 'escalate':
      return answered(
        command.id,
        command.command,
        await giveAnswer(command.id, command.command, command.by, ports),
      );
    case 'alert':
      return raiseAlert(command, ports);
    case 'keys-add': {
      const made = await addKey(command, ports);
      return made.kind === 'ok' ? { ...made, url: ports.answerUrl } : made;
    }
    case 'keys-list':
      return { kind: 'ok', keys: await listKeys(ports) };
    case 'keys-revoke':
      return revokeKey(command, ports);
    case 'operations':
      return { kind: 'ok', operations: await readOperations(ports), nowMs: ports.nowMs() };
  }
  return { kind: 'rejected', message: command.command };
}

async function list(kind: 'open' | 'ended', limit: number, { feed }: OperatePorts): Promise<CommandAnswer> {
  const [alerts, count] = await Promise.all([feed.list(kind, limit), feed.count(kind)]);
  return {
    kind: 'ok',
    alerts: fitting(alerts),
    // Counted beside the list: what came in between stands in one of the two.
    total: Math.max(count, alerts.length),
    ...(count >= COUNT_MOST && { atLeast: true }),
  };
}

/** As many as one answer holds, the latest. */
function fitting(alerts: readonly Alert[]): Alert[] {
  let room = LIST_MOST_CHARS;
  return alerts.filter((alert) => {
    room -= JSON.stringify(alert).length;
    return room >= 0;
  });
}

async function show(id: string, { alerts }: OperatePorts): Promise<CommandAnswer> {
  const alert = await alerts.read(id);
  if (!alert || alert.openedAt === 0) return notFound(id);
  return { kind: 'ok', alert, timeline: await alerts.readTimeline(alert) };
}

function answered(id: string, answer: Answer, given: Given): CommandAnswer {
  switch (given.kind) {
    case 'not-found':
      return notFound(id);
    case 'nothing-to-do':
      return { kind: 'conflict', message: `alert ${id}: ${given.reason}` };
    case 'answered-before':
      return { kind: 'ok', outcome: 'acknowledged again', alert: given.alert };
    case 'done':
      return { kind: 'ok', outcome: PAST[answer], alert: given.alert };
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
