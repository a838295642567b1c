/** A world in virtual time: an hour without events costs nothing, and two runs are alike. */
import { DUE_INDEX } from '../functions/shared/table.ts';
import type { TableEngine } from './aws/dynamodb.ts';
import type { TemplateTable } from './dynamodb/dynalite-table.ts';
import { type MemoryTable, memoryTable } from './dynamodb/memory-table.ts';
import { createTableRequest } from './dynamodb/table-definition.ts';
import { watchedTable } from './dynamodb/watched-table.ts';
import { idleRuns, isEscalationAudit } from './idle.ts';
import { evaluateOwnAlarms } from './own-alarms.ts';
import { virtualClock } from './virtual-clock.ts';
import { watchAudits } from './watched-audits.ts';
import { watchEscalations } from './watched-escalations.ts';
import { createWorld } from './world.ts';
import type { WorldOptions } from './world-options.ts';

export type VirtualWorldOptions = Omit<WorldOptions, 'clock' | 'openTables' | 'isIdle'> & {
  startMs: number;
  /** evaluates the template's own alarms, which needs every run of every schedule */
  ownAlarms?: boolean;
  /** @default leaves out runs of a schedule that would find nothing to do */
  everyTick?: boolean;
  tables?: MemoryTable;
  /** stands between the functions and the tables; default: nothing */
  engine?: (tables: MemoryTable) => TableEngine;
};

export type VirtualWorld = Awaited<ReturnType<typeof createVirtualWorld>>;

const TABLE = /-state$/;

export async function createVirtualWorld({
  startMs,
  ownAlarms = false,
  everyTick = ownAlarms,
  tables = memoryTable(),
  engine = (standing) => standing,
  ...options
}: VirtualWorldOptions) {
  const clock = virtualClock(startMs);
  let tableName: string | undefined;
  const audits = watchAudits(clock.nowMs);
  const escalations = watchEscalations(clock.nowMs);
  const isIdle = idleRuns({
    ...clock,
    earliestDueMs: () => (tableName === undefined ? startMs : tables.earliest(tableName, DUE_INDEX)),
    accountFingerprint: () => world.accountFingerprint(),
    audits,
    escalations,
    hasDeadLetters: () => world.hasDeadLetters(),
  });
  const openTables = (wanted: readonly TemplateTable[]) => {
    for (const { name, properties } of wanted) {
      const { status, body } = tables.handle('CreateTable', createTableRequest(name, properties));
      // A world may go on over the tables of an earlier one.
      const stands = JSON.stringify(body).includes('ResourceInUseException');
      if (status !== 200 && !stands)
        throw new Error(`the table ${name} could not be created: ${JSON.stringify(body)}`);
    }
    tableName = wanted.map(({ name }) => name).find((name) => TABLE.test(name));
    return watchedTable(engine(tables), (item) => {
      audits.onWrite(item);
      escalations.onWrite(item);
    });
  };
  const world = await createWorld({
    random: repeatable(),
    ...options,
    clock,
    openTables,
    ...(everyTick ? {} : { isIdle }),
  });

  world.onInvocation(({ function: name, failed }) => {
    if (failed && isEscalationAudit({ name })) escalations.lookAgain(clock.nowMs());
  });
  if (ownAlarms) evaluateOwnAlarms(world);

  return {
    ...world,
    tables,
    deploy(directory: string, untilMs: number): void {
      escalations.lookAgain(untilMs);
      world.deploy(directory, untilMs);
    },
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
