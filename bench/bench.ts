/**
 * `npm run bench`: the numbers that the design holds itself to, as a table, or with `--json` as JSON.
 * `npm run bench -- tick storm` measures these two. Exits with 1 when one is beyond its bound.
 */
import { rmSync } from 'node:fs';
import { alignColumns } from '../cli/columns.ts';
import { messageOf } from '../functions/shared/errors.ts';
import { measureAlertmanager } from './alertmanager.ts';
import { measureBundleLoad } from './bundle-load.ts';
import { measureEventToPublish } from './event-to-publish.ts';
import type { Figure } from './figure.ts';
import { measureFirstPage } from './first-page.ts';
import { measureLateness } from './lateness.ts';
import { measureReplay } from './replay.ts';
import { measureStorm } from './storm.ts';
import { measureTick } from './tick.ts';
import { openWorkshop } from './workshop.ts';

// Each SDK client would print how long it supports Node.js 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const figures: Figure[] = [];
const workshop = await openWorkshop();
const measurements: Record<string, () => Figure[] | Promise<Figure[]>> = {
  'event-to-publish': () => measureEventToPublish(workshop),
  'bundle-load': () => measureBundleLoad(workshop),
  replay: () => measureReplay(),
  'first-page': () => measureFirstPage(),
  tick: () => measureTick(workshop),
  storm: () => measureStorm(),
  lateness: () => measureLateness(),
  alertmanager: () => measureAlertmanager(workshop),
};
for (const [name, measure] of Object.entries(measurements)) {
  if (names.length > 0 && !names.includes(name)) continue;
  console.error(`measuring: ${name}`);
  try {
    figures.push(...(await measure()));
  } catch (error) {
    // The others are worth knowing all the same.
    console.error(`${name} could not be measured: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}
rmSync(workshop.directory, { recursive: true });
if (figures.some(({ ok }) => !ok)) process.exitCode = 1;
for (const name of names.filter((name) => !(name in measurements))) {
  console.error(`there is no ${name} to measure, only ${Object.keys(measurements).join(', ')}`);
  process.exitCode = 1;
}

if (process.argv.includes('--json')) console.log(JSON.stringify(figures, null, 2));
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
