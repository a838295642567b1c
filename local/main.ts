/** `npm start`: the local world, and what happens in it, on this terminal. */
import { Command, Option } from 'commander';
import { forTerminal } from '../cli/terminal-text.ts';
import { messageOf, OpsError } from '../functions/shared/errors.ts';
import type { DeliveredMessage } from './aws/topics.ts';
import { startLocalWorld } from './start.ts';

type Options = {
  port: string;
  clock: string;
  speed: string;
  at?: string;
  story: boolean;
  trace?: string;
  alarm?: string;
  operations: string;
  dataDir: string;
};

const SPEED_MOST = 3_600;
const EXIT_BAD_INPUT = 2;

const program = new Command('npm start --')
  .description('Tocsin on this laptop: no AWS account, no credentials, nothing leaves the machine.')
  .option('--port <port>', 'of the pages; 0: any that is free', '4600')
  .addOption(
    new Option('--clock <kind>', 'real runs, stepped stands still until it is moved')
      .choices(['real', 'stepped'])
      .default('real'),
  )
  .option('--speed <times>', 'as fast as the clock on the wall', '1')
  .option('--at <moment>', 'when a stepped world begins, such as 2026-03-02T03:00:00Z (default: now)')
  .option('--no-story', 'nothing happens by itself')
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

async function run(options: Options): Promise<void> {
  const { port, clock, speed, at, story, trace, alarm, operations, dataDir } = options;
  const stepped = clock === 'stepped';
  if (alarm !== undefined && trace === undefined)
    throw new OpsError('rejected', '--alarm is the rule of a trace: give --trace FILE with it');
  if (trace !== undefined && !story)
    throw new OpsError('rejected', '--trace is a story: leave --no-story out');
  if (stepped && speed !== '1') throw new OpsError('rejected', 'a stepped clock has no --speed');
  if (!stepped && at !== undefined) throw new OpsError('rejected', '--at is for --clock stepped');
  const local = await startLocalWorld({
    port: numberIn('--port', port, 0, 65_535),
    stepped,
    speed: numberIn('--speed', speed, 1, SPEED_MOST),
    beginMs: at === undefined ? undefined : momentOf(at),
    noStory: !story,
    trace,
    alarm,
    operationsFile: operations,
    dataDir,
    onMessage: (message) => process.stdout.write(forTerminal(render(message))),
    onError: (error) => process.stderr.write(`the local world failed: ${messageOf(error)}\n`),
  });
  const expected = local.goesOn
    ? `it goes on from what ${dataDir} holds (delete that folder to begin anew)`
    : story
      ? 'an alarm is about to fire'
      : 'nothing happens by itself';
  process.stdout.write(`Tocsin runs at ${local.url}; ${expected}. Ctrl-C ends it.\n`);
  if (stepped)
    process.stdout.write(`Time stands still: POST ${local.url}/world/clock {"advance":"15m"} moves it.\n`);
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

function momentOf(text: string): number {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw new OpsError('rejected', `--at ${text}: give a moment such as 2026-03-02T03:00:00Z`);
}

function render({ at, channel, to, subject, body, delivered, dropReason }: DeliveredMessage): string {
  const head = `${new Date(at).toISOString().slice(11, 19)}  ${channel.toUpperCase().padEnd(5)}  ${to}`;
  const fate = delivered ? '' : `  (dropped by SNS: ${dropReason})`;
  const text = channel === 'email' ? `${subject}\n${body}` : body;
  return `\n${head}${fate}\n${text.replace(/^/gm, '    ')}\n`;
}
