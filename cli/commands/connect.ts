/** What every command that talks to an installation shares: its options, its first line, and what it says. */
import { type Command, Option } from 'commander';
import type { Operations } from '../../functions/operations/operations.ts';
import { DATA_DIR, type Installation, type InstallationOptions, openInstallation } from '../installation.ts';
import { type Operator, operatorName, operatorOver } from '../operator.ts';
import type { Paint } from '../paint.ts';
import { terminalPaint } from '../print.ts';

export type CommonOptions = InstallationOptions & { json?: boolean };

export type Connection = {
  installation: Installation;
  operator: Operator;
  /** in whose name */
  by: string;
  /** names and levels as they stand now, and the installation's time: a local world may be ahead of this machine's */
  procedures(): Promise<{ operations: Operations; nowMs: number }>;
  paint: Paint;
};

/** Adds `--json` and the options that say which installation is meant. */
export function withConnection(command: Command): Command {
  return command
    .option('--json', 'print JSON')
    .optionsGroup('Which installation:')
    .addOption(
      new Option('--target <target>', 'a running local world, or AWS')
        .choices(['local', 'aws'])
        .default('local')
        .env('TOCSIN_TARGET'),
    )
    .addOption(
      new Option('--prefix <name>', 'of the names in its stacks').default('tocsin').env('TOCSIN_PREFIX'),
    )
    .option('--data-dir <folder>', "the local world's", DATA_DIR);
}

/** @throws OpsError that says what to do when the installation cannot be reached */
export async function connect(options: CommonOptions): Promise<Connection> {
  const installation = await openInstallation(options);
  announce(installation, options);
  const operator = operatorOver((command) => installation.invoke('operate', command));
  return {
    installation,
    operator,
    by: operatorName(),
    procedures: () => operator.ask({ command: 'operations' }, 'operations'),
    paint: terminalPaint(),
  };
}

/** The first line says where. A program that reads JSON gets nothing else on stdout. */
function announce({ name }: Installation, { json }: CommonOptions): void {
  if (json) process.stderr.write(`${name}\n`);
  else process.stdout.write(`${terminalPaint().faint(name)}\n`);
}
