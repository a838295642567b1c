/** What is where under `.tocsin/`. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OpsError } from '../functions/shared/errors.ts';

export type DataFolder = ReturnType<typeof openDataFolder>;

/** @throws OpsError `rejected` when it cannot be used */
export function openDataFolder(folder: string) {
  const clockFile = join(folder, 'clock.json');
  const worldFile = join(folder, 'world.json');
  const queues = join(folder, 'queues');
  try {
    mkdirSync(queues, { recursive: true });
  } catch (cause) {
    throw new OpsError('rejected', `${folder} cannot be used as the data folder: move it away`, { cause });
  }
  let lastSavedMs: number | undefined;
  return {
    assembly: join(folder, 'cdk.out'),
    tables: join(folder, 'tables'),
    inbox: join(folder, 'inbox.jsonl'),
    account: join(folder, 'account.json'),
    journal: (queue: string) => join(queues, `${queue}.jsonl`),
    /** What the last world's clock told; nothing before the first. */
    savedTimeMs(): number | undefined {
      try {
        const { nowMs } = JSON.parse(readFileSync(clockFile, 'utf8')) as { nowMs?: unknown };
        return Number(nowMs) || undefined;
      } catch {
        return undefined;
      }
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
