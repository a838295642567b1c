/** The operator's command line: what it offers, and how its failures read. */
import { Command, CommanderError } from 'commander';
import { kindOf, messageOf, type OpsErrorKind } from '../functions/shared/errors.ts';
import { addAlerts } from './commands/alerts.ts';
import { addAnswers } from './commands/answer.ts';
import { addReplay } from './commands/replay.ts';
import { addShow } from './commands/show.ts';

/** Exit codes: the input is to be mended, or something failed. */
const EXIT_BAD_INPUT = 2;
const EXIT_FAILURE = 1;
const EXIT_INTERRUPTED = 130;
const BAD_INPUT: readonly OpsErrorKind[] = ['rejected', 'not-found'];

export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('tocsin')
    .description('Who is paged, when, and why: replay a trace, answer the alerts of a running world.')
    .showHelpAfterError('Run `tocsin --help` for what there is.')
    .exitOverride();
  for (const add of [addReplay, addAlerts, addShow, addAnswers]) add(program);
  // `tocsin … | head` closes the pipe: no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  // Through `exit`, so that temporary directories go with us.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => process.exit(EXIT_INTERRUPTED));
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_BAD_INPUT;
  process.stderr.write(`tocsin: ${messageOf(error)}\n`);
  return BAD_INPUT.includes(kindOf(error)) ? EXIT_BAD_INPUT : EXIT_FAILURE;
}
