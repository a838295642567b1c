/** The local world that runs here, found by what it writes down of itself under its data folder. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Finding } from '../functions/doctor/contract.ts';
import { OpsError } from '../functions/shared/errors.ts';
import { DATA_DIR, type Installation } from './installation.ts';
import { invokeFunction } from './invoke-function.ts';

/** A clock that runs has moved by the last of these looks. */
const CLOCK_LOOKS = 5;
const CLOCK_LOOK_MS = 100;

/** @throws OpsError `retry` when no world runs on that data folder */
export async function openLocalWorld(dataDir: string, prefix: string): Promise<Installation> {
  const { url, endpoint, isStepped } = await readWorldFile(dataDir);
  const client = new LambdaClient({
    endpoint,
    region: 'eu-west-1',
    // Nobody's: the local world asks for none, and the machine's own must not travel.
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const invoke: Installation['invoke'] = (name, payload) =>
    invokeFunction(client, `${prefix}-${name}`, payload, (error) =>
      explain(error, `${prefix}-${name}`, dataDir),
    );
  const timeNow = async (): Promise<number> =>
    Number(((await invoke('operate', { command: 'operations' })) as { nowMs?: unknown }).nowMs);
  return {
    name: `local world at ${url}`,
    invoke,
    async look() {
      const before = await timeNow();
      let now = before;
      for (let look = 0; look < CLOCK_LOOKS && now === before && !isStepped; look++) {
        await sleep(CLOCK_LOOK_MS);
        now = await timeNow();
      }
      return [
        { id: 'world', state: 'ok', title: 'Local world', found: `runs at ${url}` },
        clockFinding(before, now, isStepped),
      ];
    },
  };
}

/** What a running world writes down of itself. */
type WorldFile = { url: string; endpoint: string; isStepped: boolean };

async function readWorldFile(dataDir: string): Promise<WorldFile> {
  const path = join(dataDir, 'world.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw notRunning(dataDir, cause);
  }
  try {
    const { url, endpoint, clock } = JSON.parse(text) as Record<string, unknown>;
    return {
      url: new URL(String(url)).origin,
      endpoint: new URL(String(endpoint)).href,
      isStepped: clock === 'stepped',
    };
  } catch (cause) {
    throw new OpsError('retry', `${path} is damaged; stop the local world and start it again: npm start`, {
      cause,
    });
  }
}

/** Names the folder, where it is not the usual one. */
function notRunning(dataDir: string, cause: unknown): OpsError {
  const isUsual = dataDir === DATA_DIR;
  const world = isUsual ? 'the local world' : `the local world of ${resolve(dataDir)}`;
  const start = isUsual ? 'npm start' : `npm start -- --data-dir ${dataDir}`;
  return new OpsError('retry', `${world} is not running; start it with: ${start}`, { cause });
}

function explain(error: Error & { code?: string }, functionName: string, dataDir: string): OpsError {
  const cause = { cause: error };
  // A world that was killed leaves its address behind.
  if (error.code === 'ECONNREFUSED') return notRunning(dataDir, error);
  if (error.name === 'ResourceNotFoundException') {
    return new OpsError(
      'not-found',
      `the local world has no function ${functionName}; leave --prefix out`,
      cause,
    );
  }
  return new OpsError('bug', `the local world: ${functionName} failed: ${error.message}`, cause);
}

function clockFinding(beforeMs: number, afterMs: number, isStepped: boolean): Finding {
  const look = { id: 'clock', title: 'Clock of the world' };
  const now = new Date(afterMs).toISOString();
  if (isStepped) return { ...look, state: 'ok', found: `is stepped by hand, and stands at ${now}` };
  if (afterMs > beforeMs) return { ...look, state: 'ok', found: `runs, ${now}` };
  return {
    ...look,
    state: 'warning',
    found: `stands still at ${now}`,
    advice: 'Nothing falls due until it moves: stop the local world and start it again with npm start.',
  };
}
