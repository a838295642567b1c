/** How long a newcomer waits from `npm start` to the first page on the screen. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../lib/bundles.ts';
import { type Figure, figure, monotonicMs } from './figure.ts';

/** Source: design, Numbers to hold */
const BOUND_S = 15;
const GIVE_UP_MS = 60_000;

/** Every page has its link, with a token of 128 bits, and nothing else has. */
const PAGE = /\/a\/[\w-]{22}\b/;

export async function measureFirstPage(): Promise<Figure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-first-page-'));
  try {
    return [figure('first-page', (await startUntilPage(dataDir)) / 1_000, 's', BOUND_S)];
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

/** Milliseconds. The world has a folder and a port of its own, and has ended when this returns. */
function startUntilPage(dataDir: string): Promise<number> {
  const startedMs = monotonicMs();
  // A process group of its own: npm does not pass a signal on to what it runs.
  const npm = spawn('npm', ['start', '--', '--port', '0', '--data-dir', dataDir], {
    cwd: PROJECT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let pageMs: number | undefined;
  let said = '';
  const listen = (text: Buffer) => {
    said += text;
    if (pageMs !== undefined || !PAGE.test(said)) return;
    pageMs = monotonicMs() - startedMs;
    end();
  };
  const end = () => process.kill(-npm.pid!, 'SIGTERM');
  const timer = setTimeout(end, GIVE_UP_MS);
  npm.stdout.on('data', listen);
  npm.stderr.on('data', listen);
  return new Promise((resolve, reject) => {
    npm.once('error', reject);
    npm.once('close', () => {
      clearTimeout(timer);
      if (pageMs === undefined) reject(new Error(`npm start showed no page: ${said}`));
      else resolve(pageMs);
    });
  });
}
