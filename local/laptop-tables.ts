/** The tables of a world on this laptop: dynalite's, watched for what was written and when. */
import { keys } from '../functions/shared/table.ts';
import type { TableEngine } from './aws/dynamodb.ts';
import { startDynalite, type TemplateTable } from './dynamodb/dynalite-table.ts';
import { watchedTable } from './dynamodb/watched-table.ts';
import { earliestDue } from './earliest-due.ts';

export type LaptopTables = {
  engine: TableEngine;
  /** as idle.ts asks */
  earliestDueMs(): Promise<number | undefined>;
  situationWrittenMs(): number;
  stop(): Promise<void>;
};

/**
 * @param tables  of the template
 * @param beforeWrite  told before a row is written
 * @throws OpsError `rejected` when the folder is corrupt, in use, or holds tables of another shape
 */
export async function openLaptopTables(
  folder: string,
  tables: readonly TemplateTable[],
  nowMs: () => number,
  beforeWrite: () => void,
): Promise<LaptopTables> {
  const dynalite = await startDynalite(folder, tables);
  const due = earliestDue(dynalite, tables[0]!.name);
  let situationWrittenMs = nowMs();
  return {
    engine: watchedTable(dynalite, (pk) => {
      beforeWrite();
      due.forget();
      if (pk === keys.situation.pk) situationWrittenMs = nowMs();
    }),
    earliestDueMs: due.ms,
    situationWrittenMs: () => situationWrittenMs,
    stop: dynalite.stop,
  };
}
