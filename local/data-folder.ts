/** What is where under `.tocsin/`. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OpsError } from '../functions/shared/errors.ts';

/** The end of the year 9999: a world whose clock says more would never be able to say when. */
const TIME_MOST_MS = Date.UTC(9999, 11, 31);

export type DataFolder = ReturnType<typeof openDataFolder>;

/** @throws OpsError `rejected` when it cannot be used */
export function openDataFolder(folder: string) {
  const clockFile = join(folder, 'clock.json');
  const worldFile = join(folder, 'world.json');
  const tables = join(folder, 'tables');
  const queues = join(folder, 'queues');
  try {
    mkdirSync(queues, { recursive: true });
  } catch (cause) {
    throw new OpsError('rejected', `${folder} cannot be used as the data folder: move it away`, { cause });
  }
  let lastSavedMs: number | undefined;
  return {
    assembly: join(folder, 'cdk.out'),
    tables,
    inbox: join(folder, 'inbox.jsonl'),
    account: join(folder, 'account.json'),
    journal: (queue: string) => join(queues, `${queue}.jsonl`),
    hasWorld: (): boolean => existsSync(tables),
    /**
     * What the last world's clock told; nothing before the first.
     * @throws OpsError `rejected` when the file is corrupt: time must not go back in a world that has rows
     */
    savedTimeMs(): number | undefined {
      if (!existsSync(clockFile)) return undefined;
      const nowMs = readTime(clockFile);
      if (nowMs !== undefined) return nowMs;
      throw new OpsError(
        'rejected',
        `${clockFile} is corrupt: delete it and the world goes on from now, or delete ${folder} to begin anew`,
      );
    },
    /** In one step: a kill in the middle leaves the time before. */
    saveTime(nowMs: number): void {
      if (nowMs === lastSavedMs) return;
      lastSavedMs = nowMs;
      writeFileSync(`${clockFile}.new`, JSON.stringify({ nowMs }));
      renameSync(`${clockFile}.new`, clockFile);
    },
    saveWorld: (world: object) => writeFileSync(worldFile, `${JSON.stringify(world, null, 2)}\n`),
    removeWorld: () => rmSync(worldFile, { force: true }),
  };
}

function readTime(file: string): number | undefined {
  try {
    const { nowMs } = JSON.parse(readFileSync(file, 'utf8')) as { nowMs?: unknown };
    const isTime = typeof nowMs === 'number' && Number.isInteger(nowMs) && nowMs > 0 && nowMs <= TIME_MOST_MS;
    return isTime ? nowMs : undefined;
  } catch {
    return undefined;
  }
}
