/** How long a fresh process takes to load each bundle, beside one that loads the same SDK clients and nothing else. */
import { spawnSync } from 'node:child_process';
import type { BundleName } from '../lib/bundles.ts';
import { type Figure, figure, medianRatio, monotonicMs } from './figure.ts';
import { BUNDLE_NAMES, ENVIRONMENT, type Workshop } from './workshop.ts';

/** Source: design, Numbers to hold */
const BOUND = 1.3;
const ROUNDS = 25;

/** Node's own start is part of both. */
const LOAD = 'import(process.argv[1]).then(() => process.exit(), () => process.exit(1))';

export function measureBundleLoad({ bundles }: Workshop): Figure[] {
  const figures = BUNDLE_NAMES.map((name) => measure(name, bundles[name]));
  return [figure('bundle-load', Math.max(...figures.map(({ value }) => value)), 'ratio', BOUND), ...figures];
}

function measure(name: BundleName, { real, bare }: { real: string; bare: string }): Figure {
  const loadMs = { real: [] as number[], bare: [] as number[] };
  // The first of each brings the files into memory.
  load(real);
  load(bare);
  for (let round = 0; round < ROUNDS; round++) {
    loadMs.real.push(load(real));
    loadMs.bare.push(load(bare));
  }
  return figure(`bundle-load:${name}`, medianRatio(loadMs.real, loadMs.bare), 'ratio', null);
}

/** Milliseconds from the start of a process to its end. */
function load(file: string): number {
  const startedMs = monotonicMs();
  const { status } = spawnSync(process.execPath, ['-e', LOAD, file], { env: ENVIRONMENT, stdio: 'ignore' });
  if (status !== 0) throw new Error(`${file} does not load: status ${status}`);
  return monotonicMs() - startedMs;
}
