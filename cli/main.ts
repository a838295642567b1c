/** The operator's command line: what it offers, and how its failures read. */
import { Command, CommanderError } from 'commander';
import { kindOf, messageOf, type OpsErrorKind } from '../functions/shared/errors.ts';
import { addAlert } from './commands/alert.ts';
import { addAlerts } from './commands/alerts.ts';
import { addAnswers } from './commands/answer.ts';
import { addContacts } from './commands/contacts.ts';
import { addDoctor } from './commands/doctor.ts';
import { addKeys } from './commands/keys.ts';
import { addReplay } from './commands/replay.ts';
import { addShow } from './commands/show.ts';
import { addWindows } from './commands/windows.ts';
import { forTerminal } from './terminal-text.ts';

/** Exit codes: the input is to be mended, or something failed. */
const EXIT_BAD_INPUT = 2;
const EXIT_FAILURE = 1;
const EXIT_INTERRUPTED = 130;
const BAD_INPUT: readonly OpsErrorKind[] = ['rejected', 'not-found'];

const GROUPS = [
  ['Alerts:', [addAlerts, addShow, addAnswers, addAlert]],
  ['Holds:', [addWindows]],
  ['Senders and people:', [addKeys, addContacts]],
  ['Checks:', [addDoctor, addReplay]],
] as const;

const EXAMPLES = `
Examples:
  tocsin alerts                                        what is open
  tocsin ack 707935                                    the beginning of an id is enough
  tocsin snooze 707935 --for 2h --reason "vendor is on it"
  tocsin maintenance start --service checkout --for 1h --reason "new database"
  tocsin alert "Backups are late" --severity warning --service search
  tocsin doctor --target aws                           would a page get through?
  tocsin replay errors.csv --alarm "Errors > 5 for 2 of 3"

Commands talk to the local world that \`npm start\` runs, or with --target aws (or TOCSIN_TARGET=aws) to the stacks of
your AWS credentials and Region. \`tocsin COMMAND --help\` tells more.`;

export async function main(argv: readonly string[]): Promise<void> {
  // `tocsin … | head` closes the pipe: no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  // Through `exit`, so that temporary directories go with us.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => process.exit(EXIT_INTERRUPTED));
  try {
    await program().parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

/** All commands; it throws where commander would end the process. */
export function program(): Command {
  const tocsin = new Command('tocsin')
    .description('Answer alerts, hold them, see who would be paged: on a laptop or on AWS.')
    .showHelpAfterError('Run `tocsin --help` for what there is.')
    .addHelpText('after', EXAMPLES)
    .helpCommand(false)
    .exitOverride();
  for (const [group, adds] of GROUPS) {
    tocsin.commandsGroup(group);
    for (const add of adds) add(tocsin);
  }
  return tocsin;
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_BAD_INPUT;
  process.stderr.write(`tocsin: ${forTerminal(messageOf(error))}\n`);
  return BAD_INPUT.includes(kindOf(error)) ? EXIT_BAD_INPUT : EXIT_FAILURE;
}
