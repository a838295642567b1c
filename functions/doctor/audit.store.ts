/** The audits' one row. */
import { OpsError } from '../shared/errors.ts';
import { isConditionFailed, type Table } from '../shared/table.store.ts';
import { keys } from '../shared/table.ts';
import { AuditRecord, NEVER_AUDITED } from './audit-record.ts';

const TRIES_MOST = 10;

export type AuditStore = {
  read(): Promise<AuditRecord>;
  /**
   * Changes the record by a rule.
   * @returns the record as written
   * @throws OpsError `retry` when others kept being faster
   */
  change(edit: (record: AuditRecord) => AuditRecord): Promise<AuditRecord>;
};

export function auditStore({ client, name }: Table): AuditStore {
  const read = async (): Promise<AuditRecord> => {
    const { Item } = await client.get({ TableName: name, Key: keys.audit, ConsistentRead: true });
    return Item ? AuditRecord.parse(Item) : NEVER_AUDITED;
  };
  return {
    read,
    async change(edit) {
      for (let attempt = 1; attempt <= TRIES_MOST; attempt++) {
        const before = await read();
        const after = { ...edit(before), version: before.version + 1 };
        try {
          await client.put({
            TableName: name,
            Item: { ...keys.audit, ...after },
            ConditionExpression: 'attribute_not_exists(pk) OR version = :before',
            ExpressionAttributeValues: { ':before': before.version },
          });
          return after;
        } catch (error) {
          if (!isConditionFailed(error)) throw error;
        }
      }
      throw new OpsError('retry', `the audit's row was changed by others ${TRIES_MOST} times in a row`);
    },
  };
}
