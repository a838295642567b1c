/** `npm run cost`: what a month of Tocsin costs, computed from a simulated month and a dated price list. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf, messageOf } from '../../functions/shared/errors.ts';
import { PROJECT } from '../../lib/bundles.ts';
import { type Cost, computeCost } from './compute-cost.ts';
import { type Prices, prices as priceList } from './data.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { renderCosts } from './render-cost.ts';
import { replaceBlock } from './replace-block.ts';

const DOCS = 'docs/cost.md';

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else await run(options);
} catch (error) {
  if (kindOf(error) !== 'rejected') throw error;
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}

async function run({ settings, smsUsd, simulatedMost, json, write }: Options): Promise<void> {
  const prices = withSmsPrice(priceList, smsUsd);
  const costs: Cost[] = [];
  for (const setting of settings) {
    if (!json)
      process.stderr.write(`${setting.alertsPerDay} alerts a day, ${setting.responders} responders …\n`);
    costs.push(await computeCost(setting, prices, simulatedMost));
  }
  if (json) {
    const { dated, region, seats } = prices;
    process.stdout.write(`${JSON.stringify({ dated, region, costs, seats }, null, 2)}\n`);
    return;
  }
  const text = renderCosts(costs, prices);
  process.stdout.write(`${text}\n`);
  if (write) {
    const file = join(PROJECT, DOCS);
    writeFileSync(file, replaceBlock(readFileSync(file, 'utf8'), text));
  }
}

function withSmsPrice(prices: Prices, usd: number | undefined): Prices {
  if (usd === undefined) return prices;
  return { ...prices, items: { ...prices.items, 'sms-part': { ...prices.items['sms-part'], usd } } };
}
