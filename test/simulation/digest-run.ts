/** One text that differs when anything of two runs does: what is called, written, sent, pressed and left. */
import { createHash } from 'node:crypto';
import type { Run } from './run.ts';

export function digestRun({ procedures: _, logs, handedOver, ...run }: Run): string {
  const hash = createHash('sha256');
  // Writes are read by what they hold, not by their class.
  const writes = run.writes.map(({ at, n, pk, sk, before, after }) => ({ at, n, pk, sk, before, after }));
  for (const [name, value] of Object.entries({ ...run, writes }))
    hash.update(name).update(JSON.stringify(value));
  // Their texts name messages of queues by ids that no two runs share.
  hash.update(String(logs.length));
  hash.update(JSON.stringify(handedOver.map(({ function: caller, action }) => [caller, action])));
  return hash.digest('hex').slice(0, 16);
}
