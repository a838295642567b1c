/** What waits in a queue, in a file: a line for each message sent and for each deleted. */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { OpsError } from '../functions/shared/errors.ts';
import type { Journal, Kept } from './aws/queue.ts';

type Line = { sent: Kept } | { deleted: string };

/**
 * Opens the journal, and writes it anew with what is left.
 * @throws OpsError `rejected` when the file is corrupt
 */
export function openJournal(file: string): Journal {
  const waiting = new Map<string, Kept>();
  for (const line of readLines(file)) {
    if ('sent' in line) waiting.set(line.sent.id, line.sent);
    else waiting.delete(line.deleted);
  }
  const kept = [...waiting.values()];
  writeFileSync(`${file}.new`, kept.map((sent) => `${JSON.stringify({ sent })}\n`).join(''));
  renameSync(`${file}.new`, file);
  const write = (line: Line) => appendFileSync(file, `${JSON.stringify(line)}\n`);
  return {
    kept,
    sent: (sent) => write({ sent }),
    deleted: (deleted) => write({ deleted }),
  };
}

function readLines(file: string): Line[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  // A kill in the middle of a line leaves half of it at the end; its sender was not answered.
  lines.pop();
  try {
    return lines.map((line) => JSON.parse(line) as Line);
  } catch (cause) {
    throw new OpsError(
      'rejected',
      `${file} is corrupt: move it away or delete it to start without its messages`,
      {
        cause,
      },
    );
  }
}
