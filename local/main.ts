/** `npm start`: the local world, and what happens in it, on this terminal. */
import { Command } from 'commander';
import { messageOf, OpsError } from '../functions/shared/errors.ts';
import type { DeliveredMessage } from './aws/topics.ts';
import { startLocalWorld } from './start.ts';

type Options = {
  port: string;
  speed: string;
  trace?: string;
  alarm?: string;
  operations: string;
  dataDir: string;
};

const SPEED_MOST = 3_600;
const EXIT_BAD_INPUT = 2;

const program = new Command('npm start --')
  .description('Tocsin on this laptop: no AWS account, no credentials, nothing leaves the machine.')
  .option('--port <port>', 'of the pages', '4600')
  .option('--speed <times>', 'as fast as the clock on the wall', '1')
  .option('--trace <file>', 'a CSV file, timestamp,value: play its alarm instead of the built-in story')
  .option('--alarm <rule>', 'of the trace, such as "CPUUtilization > 80 for 3 of 5"')
  .option('--operations <file>', 'the procedures to follow', 'operations.ts')
  .option('--data-dir <folder>', 'where everything is kept', '.tocsin')
  .action(run);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`tocsin: ${messageOf(error)}\n`);
  process.exitCode = error instanceof OpsError && error.kind === 'rejected' ? EXIT_BAD_INPUT : 1;
}

async function run({ port, speed, trace, alarm, operations, dataDir }: Options): Promise<void> {
  if (alarm !== undefined && trace === undefined) {
    throw new OpsError('rejected', '--alarm is the rule of a trace: give --trace FILE with it');
  }
  const local = await startLocalWorld({
    port: numberIn('--port', port, 0, 65_535),
    speed: numberIn('--speed', speed, 1, SPEED_MOST),
    trace,
    alarm,
    operationsFile: operations,
    dataDir,
    onMessage: (message) => process.stdout.write(render(message)),
    onError: (error) => process.stderr.write(`the local world failed: ${messageOf(error)}\n`),
  });
  process.stdout.write(`Tocsin runs at ${local.url}; an alarm is about to fire. Ctrl-C ends it.\n`);
  const end = () => {
    process.exitCode = 0;
    void local.stop().then(() => process.exit());
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

function numberIn(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new OpsError('rejected', `${option} ${text}: give a whole number from ${least} to ${most}`);
}

function render({ at, channel, to, subject, body, delivered, dropReason }: DeliveredMessage): string {
  const head = `${new Date(at).toISOString().slice(11, 19)}  ${channel.toUpperCase().padEnd(5)}  ${to}`;
  const fate = delivered ? '' : `  (dropped by SNS: ${dropReason})`;
  const text = channel === 'email' ? `${subject}\n${body}` : body;
  return `\n${head}${fate}\n${text.replace(/^/gm, '    ')}\n`;
}
