/** One text that differs when anything of two runs does: what is called, written, sent, pressed and left. */
import { createHash } from 'node:crypto';
import type { Run } from './run.ts';

export function digestRun({ procedures: _, logs, ...run }: Run): string {
  const hash = createHash('sha256');
  // Writes are read by what they hold, not by their class.
  const writes = run.writes.map(({ at, n, pk, sk, before, after }) => ({ at, n, pk, sk, before, after }));
  for (const [name, value] of Object.entries({ ...run, writes }))
    hash.update(name).update(JSON.stringify(value));
  hash.update(String(logs.length));
  return hash.digest('hex').slice(0, 16);
}
