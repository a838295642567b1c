/**
 * `npm run soak`: an hour of alarms in the local world, with a kill -9 every five minutes; then what became of each of them.
 * Exits with 1 when a signal or a page is lost, somebody is told twice, or memory grows; with 2 when it was asked for
 * something that there is not; with 130 when it was told to stop.
 */
import { Command } from 'commander';
import { messageOf } from '../../functions/shared/errors.ts';
import { readSoakOptions, type SoakOptions } from './read-soak-options.ts';
import { renderReport } from './report.ts';
import { runSoak } from './run-soak.ts';
import { WorldProcess } from './world-process.ts';

// The SDK would print how long it supports Node.js 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const EXIT_STOPPED = 130;

const program = new Command('npm run soak --')
  .description(
    'Alarms without end in the local world, with a kill -9 now and then. Nothing leaves the machine.',
  )
  .option('--minutes <n>', 'how long alarms come; at least five more follow in which none does', '60')
  .option('--rate <n>', 'changes of alarms a second', '50')
  .option('--kill-every <duration>', 'kill -9 and start again; 0: never', '5m')
  .option('--json', 'the report as JSON, and nothing else (npm run -s)')
  .option('--keep', 'leave the data folder where it is, and what was sent in its soak.json')
  .allowExcessArguments()
  .showHelpAfterError('Write --help to see the options that there are.')
  .exitOverride();

const options = readOptions();
if (options) await soak(options, program.opts());

function readOptions(): SoakOptions | undefined {
  try {
    return readSoakOptions(program.parse().opts(), program.args);
  } catch (error) {
    // Help is no mistake, and commander has said its own already.
    const { exitCode } = error as { exitCode?: number };
    if (exitCode === undefined) say(messageOf(error));
    process.exitCode = exitCode === 0 ? 0 : 2;
    return undefined;
  }
}

async function soak(asked: SoakOptions, { json, keep }: { json?: boolean; keep?: boolean }): Promise<void> {
  const world = new WorldProcess();
  const leave = () => {
    if (keep) say(`everything is in ${world.folder}`);
    else world.removeFolder();
  };
  // At once: whoever tells it to stop may not wait long.
  const stop = () => {
    say('stopped: there is no account of what came so far');
    world.kill();
    leave();
    process.exit(EXIT_STOPPED);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    const report = await runSoak(asked, world, { keep: keep ?? false });
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${renderReport(report)}\n`);
    process.exitCode = report.complaints.length > 0 ? 1 : 0;
  } catch (error) {
    say(messageOf(error));
    process.exitCode = 1;
  } finally {
    world.kill();
    leave();
  }
  // What was still under way has nobody to talk to.
  process.exit();
}

function say(text: string): void {
  process.stderr.write(`soak: ${text}\n`);
}
