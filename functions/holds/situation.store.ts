/** The situation, in one row that every decision reads beside its alert. */
import { OpsError } from '../shared/errors.ts';
import { isConditionFailed, type Table } from '../shared/table.store.ts';
import { keys } from '../shared/table.ts';
import { CALM, Situation } from './situation.ts';

const TRIES_MOST = 10;

export type SituationStore = {
  /** As it stands, read consistently. */
  read(): Promise<Situation>;
  /**
   * Changes it by a rule; `undefined` changes nothing.
   * @returns the situation as it stands after
   * @throws OpsError `retry` when others kept being faster
   */
  change(edit: (situation: Situation) => Situation | undefined): Promise<Situation>;
};

export function situationStore({ client, name }: Table): SituationStore {
  const read = async (): Promise<Situation> => {
    const { Item } = await client.get({ TableName: name, Key: keys.situation, ConsistentRead: true });
    return Item ? Situation.parse(Item) : CALM;
  };
  let asked: Promise<Situation> | undefined;
  return {
    /** A batch's signals ask in one instant, and share one call. */
    read() {
      if (asked) return asked;
      asked = read();
      queueMicrotask(() => {
        asked = undefined;
      });
      return asked;
    },
    async change(edit) {
      for (let attempt = 1; attempt <= TRIES_MOST; attempt++) {
        const before = await read();
        const edited = edit(before);
        if (!edited) return before;
        const after = { ...edited, version: before.version + 1 };
        try {
          await client.put({
            TableName: name,
            Item: { ...keys.situation, ...after },
            ConditionExpression: 'attribute_not_exists(pk) OR version = :before',
            ExpressionAttributeValues: { ':before': before.version },
          });
          return after;
        } catch (error) {
          if (!isConditionFailed(error)) throw error;
        }
      }
      throw new OpsError(
        'retry',
        `the situation was changed by others ${TRIES_MOST} times in a row: try again`,
      );
    },
  };
}
