/**
 * `npm run bench`: the numbers that the design holds itself to, as a table, or with `--json` as JSON.
 * `npm run bench -- tick storm` measures these two. Exits with 1 when one is beyond its bound, and with 2 when it was asked
 * for one that there is not.
 */
import { rmSync } from 'node:fs';
import { Argument } from 'commander';
import { alignColumns } from '../cli/columns.ts';
import { messageOf } from '../functions/shared/errors.ts';
import { scriptCommand } from '../scripts/script-command.ts';
import { measureAlertmanager } from './alertmanager.ts';
import { measureBundleLoad } from './bundle-load.ts';
import { measureEventToPublish } from './event-to-publish.ts';
import type { Figure } from './figure.ts';
import { measureFirstPage } from './first-page.ts';
import { measureLateness } from './lateness.ts';
import { measureReplay } from './replay.ts';
import { measureStorm } from './storm.ts';
import { measureTick } from './tick.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

const MEASUREMENTS: Record<string, (workshop: Workshop) => Figure[] | Promise<Figure[]>> = {
  'event-to-publish': measureEventToPublish,
  'bundle-load': measureBundleLoad,
  replay: () => measureReplay(),
  'first-page': () => measureFirstPage(),
  tick: measureTick,
  storm: () => measureStorm(),
  lateness: () => measureLateness(),
  alertmanager: measureAlertmanager,
};

const command = scriptCommand('bench', 'The numbers that the design holds itself to, each with its bound.')
  .addArgument(
    new Argument('[name...]', 'only these; default: all of them').choices(Object.keys(MEASUREMENTS)),
  )
  .option('--json', 'print JSON, and nothing else (npm run -s)')
  .parse();
const names = command.args;
const { json } = command.opts<{ json?: true }>();

// Each SDK client would print how long it supports Node.js 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const figures: Figure[] = [];
const workshop = await openWorkshop();
for (const [name, measure] of Object.entries(MEASUREMENTS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  console.error(`measuring: ${name}`);
  try {
    figures.push(...(await measure(workshop)));
  } catch (error) {
    // The others are worth knowing all the same.
    console.error(`${name} could not be measured: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}
rmSync(workshop.directory, { recursive: true });
if (figures.some(({ ok }) => !ok)) process.exitCode = 1;

if (json) console.log(JSON.stringify(figures, null, 2));
else console.log(table(figures).join('\n'));

function table(rows: readonly Figure[]): string[] {
  const head = ['figure', 'value', 'unit', 'at most', ''];
  const cells = rows.map(({ name, value, unit, bound, ok }) => [
    name,
    value.toFixed(3),
    unit,
    bound === null ? '' : String(bound),
    bound === null ? '' : ok ? 'ok' : 'TOO MUCH',
  ]);
  return alignColumns([head, ...cells], [1, 3]);
}
