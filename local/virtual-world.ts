/** A world in virtual time: an hour without events costs nothing, and two runs are alike. */
import { TICK_PERIOD_MS } from '../functions/tick/contract.ts';
import type { TemplateTable } from './dynamodb/dynalite-table.ts';
import { type MemoryTable, memoryTable } from './dynamodb/memory-table.ts';
import { createTableRequest } from './dynamodb/table-definition.ts';
import { virtualClock } from './virtual-clock.ts';
import { createWorld, type WorldOptions } from './world.ts';

export type VirtualWorldOptions = Omit<WorldOptions, 'clock' | 'openTables' | 'isIdle'> & {
  startMs: number;
  /** @default jumps over the ticks that would find nothing due before the next */
  everyTick?: boolean;
  tables?: MemoryTable;
};

export type VirtualWorld = Awaited<ReturnType<typeof createVirtualWorld>>;

/** The schedule of lib/tick.ts. Here each tick comes to its second, so the next one is early enough for what is due later. */
const TICK = /-tick$/;
const TICK_TABLE = /-state$/;
const TICK_INDEX = 'due';

export async function createVirtualWorld({
  startMs,
  everyTick,
  tables = memoryTable(),
  ...options
}: VirtualWorldOptions) {
  const clock = virtualClock(startMs);
  let tickTable: string | undefined;
  const isIdle = (schedule: string): boolean => {
    if (everyTick || !TICK.test(schedule) || !tickTable) return false;
    const earliestMs = tables.earliest(tickTable, TICK_INDEX);
    return earliestMs === undefined || earliestMs > clock.nowMs() + TICK_PERIOD_MS;
  };
  const openTables = (wanted: readonly TemplateTable[]) => {
    for (const { name, properties } of wanted) {
      const { status, body } = tables.handle('CreateTable', createTableRequest(name, properties));
      // A world may go on over the tables of an earlier one.
      const stands = JSON.stringify(body).includes('ResourceInUseException');
      if (status !== 200 && !stands)
        throw new Error(`the table ${name} could not be created: ${JSON.stringify(body)}`);
    }
    return tables;
  };
  const world = await createWorld({ random: repeatable(), ...options, clock, openTables, isIdle });
  tickTable = world.functions.map(({ env }) => env.TABLE_NAME).find((name) => name && TICK_TABLE.test(name));

  return {
    ...world,
    tables,
    /** Moves the clock to that moment; everything up to and including it has happened then. */
    advanceTo: clock.runUntil,
    advanceBy: (ms: number) => clock.runUntil(clock.nowMs() + ms),
    /** Lets everything happen that happens now. */
    settle: () => clock.runUntil(clock.nowMs()),
    request: (request: Parameters<typeof world.request>[0]) => clock.runFor(world.request(request)),
    invoke: (...call: Parameters<typeof world.invoke>) => clock.runFor(world.invoke(...call)),
  };
}

/** Numbers that look random and are the same in each run: the SDK spreads its retries by them. (Mulberry32) */
function repeatable(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
