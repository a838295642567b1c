/** The escalation audit's one row. */
import type { Table } from '../shared/table.store.ts';
import { keys } from '../shared/table.ts';
import { EscalationAuditRecord, NOTHING_TO_REMEMBER } from './escalation-audit-record.ts';

export type EscalationAuditStore = {
  read(): Promise<EscalationAuditRecord>;
  /** Of two runs at once the later one counts: the other's walk is walked again, its news are told again. */
  write(record: EscalationAuditRecord): Promise<void>;
};

export function escalationAuditStore({ client, name }: Table): EscalationAuditStore {
  return {
    async read() {
      const { Item } = await client.get({
        TableName: name,
        Key: keys.escalationAudit,
        ConsistentRead: true,
      });
      return Item ? EscalationAuditRecord.parse(Item) : NOTHING_TO_REMEMBER;
    },
    async write(record) {
      await client.put({ TableName: name, Item: { ...keys.escalationAudit, ...record } });
    },
  };
}
