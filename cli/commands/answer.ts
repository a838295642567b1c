/** `tocsin ack | resolve | escalate | snooze ID`: what the buttons of the answer page do. */
import type { Command as Program } from 'commander';
import type { Answer } from '../../functions/alerts/answer-alert.ts';
import { describeNext, describeWhat } from '../../functions/alerts/describe-alert.ts';
import { describeOutcome } from '../../functions/alerts/describe-outcome.ts';
import type { Command } from '../../functions/console/commands.ts';
import { parseMinutes } from '../duration.ts';
import { print, printJson } from '../print.ts';
import { type CommonOptions, connect, withConnection } from './connect.ts';

type AnswerCommand = Extract<Command, { command: Answer }>;

const ID = 'its id, or the beginning of it';

const VERBS = [
  { name: 'ack', answer: 'acknowledge', description: 'acknowledge an alert: escalation stops' },
  { name: 'resolve', answer: 'resolve', description: 'resolve an alert' },
  { name: 'escalate', answer: 'escalate', description: 'page the next level of an alert now' },
] as const;

export function addAnswers(program: Program): void {
  for (const { name, answer, description } of VERBS) {
    withConnection(program.command(name).description(description).argument('<id>', ID)).action(
      (prefix: string, options: CommonOptions) =>
        give(prefix, options, (id, by) => ({ command: answer, id, by })),
    );
  }
  withConnection(
    program
      .command('snooze')
      .description('page nobody for an alert for a while')
      .argument('<id>', ID)
      .requiredOption('--for <duration>', 'such as 2h, at most 30d')
      .requiredOption('--reason <text>', 'why; it stands on the timeline'),
  ).action((prefix: string, options: CommonOptions & { for: string; reason: string }) => {
    const minutes = parseMinutes(options.for, '--for');
    return give(prefix, options, (id, by) => ({
      command: 'snooze',
      id,
      by,
      minutes,
      reason: options.reason,
    }));
  });
}

async function give(
  prefix: string,
  options: CommonOptions,
  commandFor: (id: string, by: string) => AnswerCommand,
): Promise<void> {
  const { operator, procedures, by, paint } = await connect(options);
  // All that the answer is told with comes first: once it is given, nothing may fail.
  const [id, { operations, nowMs }] = await Promise.all([operator.resolveId(prefix), procedures()]);
  const command = commandFor(id, by);
  const given = await operator.ask(command, 'outcome');
  if (options.json) return printJson(given);
  const { alert, outcome } = given;
  const kind = outcome === 'acknowledged again' ? 'answered-before' : 'done';
  print([
    paint.strong(describeWhat(alert)),
    describeOutcome({ answer: command.command, kind }, alert, by, operations, nowMs),
    `${describeNext(alert, operations, nowMs)}.`,
  ]);
}
