/** `tocsin ack | resolve | escalate ID`: what the buttons of the answer page do. */
import type { Command } from 'commander';
import type { Answer } from '../../functions/alerts/answer-alert.ts';
import { describeNext, describeWhat } from '../../functions/alerts/describe-alert.ts';
import { describeOutcome } from '../../functions/alerts/describe-outcome.ts';
import { print, terminalPaint } from '../print.ts';

const VERBS: { name: string; answer: Answer; description: string }[] = [
  { name: 'ack', answer: 'acknowledge', description: 'acknowledge an alert: escalation stops' },
  { name: 'resolve', answer: 'resolve', description: 'resolve an alert' },
  { name: 'escalate', answer: 'escalate', description: 'page the next level of an alert now' },
];

export function addAnswers(program: Command): void {
  for (const { name, answer, description } of VERBS) {
    program
      .command(name)
      .description(description)
      .argument('<id>', 'its id, or the beginning of it')
      .option('--json', 'print JSON')
      .action(async (prefix: string, options: { json?: boolean }) => {
        const { connectWorld } = await import('../running-world.ts');
        const { operator, operations, by, nowMs } = await connectWorld();
        const given = await operator.answer(answer, await operator.resolveId(prefix));
        if (options.json) return print([JSON.stringify(given)]);
        const { alert } = given;
        const kind = given.outcome === 'acknowledged again' ? 'answered-before' : 'done';
        print([
          terminalPaint().strong(describeWhat(alert)),
          describeOutcome({ answer, kind }, alert, by, operations, nowMs),
          `${describeNext(alert, operations, nowMs)}.`,
        ]);
      });
  }
}
