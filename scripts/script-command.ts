/** The command line of a script of this repository: `--help` tells of it and does no work; a mistake ends it with 2. */
import { Command } from 'commander';

const EXIT_BAD_INPUT = 2;

/**
 * Parse it before anything else is done: whoever asks for help, or for something that there is not, ends the process there.
 * @param name  as in `npm run <name>`
 */
export function scriptCommand(name: string, description: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .showHelpAfterError('Write --help to see what there is.')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_BAD_INPUT));
}
