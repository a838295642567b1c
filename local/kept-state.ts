/** What the account remembers beside tables and queues, in one file: subscriptions, phones, alarms, the story's progress. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { OpsError } from '../functions/shared/errors.ts';

/** One service's part of it. */
export type Kept<T> = {
  /** what the last world left, if there was one */
  readonly before: T | undefined;
  save(value: T): void;
};

export type KeptState = ReturnType<typeof openKeptState>;

/** Changes that come together are written together: a kill loses what this short time brought. */
const WRITE_AFTER_MS = 100;

/** Of a world that ends with its process. */
export function forgotten<T>(): Kept<T> {
  return { before: undefined, save: () => undefined };
}

/** @throws OpsError `rejected` when the file is corrupt */
export function openKeptState(file: string) {
  const state = readState(file);
  let pending: NodeJS.Timeout | undefined;
  const write = () => {
    clearTimeout(pending);
    pending = undefined;
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
  };
  return {
    part: <T>(name: string): Kept<T> => ({
      before: state[name] as T | undefined,
      save(value) {
        state[name] = value;
        pending ??= setTimeout(write, WRITE_AFTER_MS);
      },
    }),
    /** Writes at once what is not written yet. */
    flush() {
      if (pending) write();
    },
  };
}

function readState(file: string): Record<string, unknown> {
  if (!existsSync(file)) return {};
  try {
    return Object(JSON.parse(readFileSync(file, 'utf8'))) as Record<string, unknown>;
  } catch (cause) {
    throw new OpsError(
      'rejected',
      `${file} is corrupt: move it away or delete it to start without subscriptions and alarms of before`,
      { cause },
    );
  }
}
