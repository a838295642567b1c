/** The tables of a world on this laptop: dynalite's, watched for what was written and when. */
import type { TableEngine } from './aws/dynamodb.ts';
import { type DynaliteTable, startDynalite, type TemplateTable } from './dynamodb/dynalite-table.ts';
import { watchedTable } from './dynamodb/watched-table.ts';
import { earliestDue } from './earliest-due.ts';
import { watchAudits } from './watched-audits.ts';
import { watchEscalations } from './watched-escalations.ts';

/** @param beforeWrite  told before a row is written */
export function openLaptopTables(folder: string, nowMs: () => number, beforeWrite: () => void) {
  let dynalite: DynaliteTable | undefined;
  let due: ReturnType<typeof earliestDue> | undefined;
  const audits = watchAudits(nowMs);
  const escalations = watchEscalations(nowMs);
  return {
    /**
     * Stands the template's tables up, or finds them standing.
     * @throws OpsError `rejected` when the folder is corrupt, in use, or holds tables of another shape
     */
    async open(tables: readonly TemplateTable[]): Promise<TableEngine> {
      dynalite = await startDynalite(folder, tables);
      due = earliestDue(dynalite, tables[0]!.name);
      return watchedTable(dynalite, (item) => {
        beforeWrite();
        due?.forget();
        audits.onWrite(item);
        escalations.onWrite(item);
      });
    },
    /** As idle.ts asks. */
    earliestDueMs: async (): Promise<number | undefined> => due?.ms(),
    audits,
    escalations,
    stop: async (): Promise<void> => dynalite?.stop(),
  };
}
