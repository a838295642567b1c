/** The operator's commands, as the command line sends them, each handed to the use case that does it. */

import type * as z from 'zod/mini';
import type { Alert } from '../alerts/alert.ts';
import type { Answer, Snooze } from '../alerts/answer-alert.ts';
import type { AlertFeed } from '../alerts/feed.store.ts';
import { readOperations } from '../holds/read-operations.ts';
import { endWindow, listWindows, startWindow, type WindowPorts } from '../holds/windows-by-hand.ts';
import { addKey, type KeyPorts, listKeys, revokeKey, rotateKey } from '../intake/manage-keys.ts';
import { type RaisePorts, raiseAlert } from '../intake/raise-alert.ts';
import { type ContactsPorts, confirmContact, listContacts, verifyContact } from '../paging/contacts.ts';
import type { PagingPorts } from '../paging/paging.ports.ts';
import { COUNT_MOST } from '../shared/table.ts';
import { Command, type CommandAnswer, LIST_MOST } from './commands.ts';
import { giveAnswer } from './give-answer.ts';

export type { Command, CommandAnswer } from './commands.ts';

/** An auditor wants all of them; a terminal, and Lambda's answer, the latest. */
const EARLIER_LIVES_MOST = 20;

/** Lambda answers with at most 6 MB; an alert has a few KB, and at most 64. Source: Lambda quotas */
const LIST_MOST_BYTES = 5_000_000;

const MINUTE_MS = 60_000;

export type OperatePorts = PagingPorts &
  ContactsPorts &
  KeyPorts &
  RaisePorts &
  WindowPorts & { feed: AlertFeed };

type ListCommand = Extract<Command, { command: 'list' }>;
type AnswerCommand = Extract<Command, { id: string; by: string }> & { command: Answer };

/** Answers one command; what cannot be done is an answer too. */
export async function operate(input: unknown, ports: OperatePorts): Promise<CommandAnswer> {
  const parsed = Command.safeParse(input);
  if (!parsed.success) return { kind: 'rejected', message: describeIssues(parsed.error.issues) };
  const command = parsed.data;
  switch (command.command) {
    case 'list':
      return list(command, ports);
    case 'find':
      return { kind: 'ok', ...(await ports.feed.find(command.prefix)) };
    case 'show':
      return show(command.id, command.all ?? false, ports);
    case 'acknowledge':
    case 'resolve':
    case 'escalate':
    case 'snooze':
      return answer(command, ports);
    case 'alert':
      return raiseAlert(command, ports);
    case 'keys-add': {
      const made = await addKey(command, ports);
      return made.kind === 'ok' ? { ...made, url: ports.answerUrl } : made;
    }
    case 'keys-rotate': {
      const made = await rotateKey(command, ports);
      return made.kind === 'ok' ? { ...made, url: ports.answerUrl } : made;
    }
    case 'keys-list':
      return { kind: 'ok', keys: await listKeys(ports) };
    case 'keys-revoke':
      return revokeKey(command, ports);
    case 'window-start':
      return startWindow(command, ports);
    case 'window-end':
      return endWindow(command, ports);
    case 'window-list':
      return listWindows(ports);
    case 'contacts-list':
      return listContacts(ports);
    case 'contacts-verify':
      return verifyContact(command, ports);
    case 'contacts-confirm':
      return confirmContact(command, ports);
    case 'operations':
      return { kind: 'ok', operations: await readOperations(ports), nowMs: ports.nowMs() };
  }
}

async function list(
  { ended, limit = LIST_MOST, skip = 0 }: ListCommand,
  { feed }: OperatePorts,
): Promise<CommandAnswer> {
  const kind = ended ? 'ended' : 'open';
  const [alerts, count] = await Promise.all([feed.list(kind, limit, skip), feed.count(kind)]);
  return {
    kind: 'ok',
    alerts: fitting(alerts),
    // Counted beside the list: what came in between stands in one of the two.
    total: Math.max(count, alerts.length && skip + alerts.length),
    ...(count >= COUNT_MOST && { atLeast: true }),
  };
}

/** As many as one answer holds, the latest. */
function fitting(alerts: readonly Alert[]): Alert[] {
  let room = LIST_MOST_BYTES;
  return alerts.filter((alert) => {
    room -= Buffer.byteLength(JSON.stringify(alert));
    return room >= 0;
  });
}

async function show(id: string, all: boolean, { alerts }: OperatePorts): Promise<CommandAnswer> {
  const alert = await alerts.read(id);
  if (!alert || alert.openedAt === 0) return notFound(id);
  const timeline = await alerts.readTimeline(alert);
  if (!all) return { kind: 'ok', alert, timeline };
  const ended = await alerts.listEnded(id, EARLIER_LIVES_MOST + 1);
  const lives = ended.filter(({ openedAt }) => openedAt !== alert.openedAt).slice(0, EARLIER_LIVES_MOST);
  const earlier = lives.map(async (life) => ({ alert: life, timeline: await alerts.readTimeline(life) }));
  return { kind: 'ok', alert, timeline, earlier: await Promise.all(earlier) };
}

async function answer(command: AnswerCommand, ports: OperatePorts): Promise<CommandAnswer> {
  const { command: verb, id, by } = command;
  const snooze = verb === 'snooze' ? snoozeOf(command, ports.nowMs()) : undefined;
  const given = await giveAnswer(id, verb, by, ports, { snooze });
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

function snoozeOf({ minutes, reason }: { minutes: number; reason: string }, nowMs: number): Snooze {
  return { until: nowMs + minutes * MINUTE_MS, reason };
}

const PAST = {
  acknowledge: 'acknowledged',
  resolve: 'resolved',
  escalate: 'escalated',
  snooze: 'snoozed',
} as const satisfies Record<Answer, string>;

/** `title: at most 250 characters`; what names no command comes from a command line of another version. */
function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  return issues
    .map((issue) => {
      const field = issue.path.join('.');
      if (field === '' || field === 'command') {
        return 'this installation does not know that command: deploy it anew, or use the command line of its version';
      }
      const unit = 'origin' in issue && issue.origin === 'string' ? ' characters' : '';
      if (issue.code === 'too_big') return `${field}: at most ${issue.maximum}${unit}`;
      if (issue.code === 'too_small') return `${field}: at least ${issue.minimum}${unit}`;
      return `${field}: ${issue.code === 'invalid_value' ? `one of ${issue.values.join(', ')}` : 'missing, or of another kind'}`;
    })
    .join('; ');
}

function notFound(id: string): CommandAnswer {
  return { kind: 'not-found', message: `there is no alert ${id}: list them with \`tocsin alerts\`` };
}
