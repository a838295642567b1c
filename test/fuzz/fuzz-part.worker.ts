/** The process that feeds one part of the inputs: asked for it, it answers with what became of them. */
import { inspect } from 'node:util';
import type { FromPart, Part } from './fuzz-parts.ts';
import { runFuzz } from './run-fuzz.ts';
import { TARGETS } from './targets/targets.ts';

const answer = (message: FromPart) => process.send!(message);

process.once('message', async (part: Part) => {
  const { failure, ...fuzzed } = await runFuzz(TARGETS, { ...part, onProgress: (fed) => answer({ fed }) });
  // The input itself may be what no message takes; by its number it can be made again.
  answer({ ...fuzzed, failure: failure && { number: failure.number, told: inspect(failure.error) } });
  process.disconnect();
});
process.once('disconnect', () => process.exit());
