/** The code of some later deploy: it writes alerts in a schema that today's code cannot read, and waits for. */
import { ALERT_SCHEMA } from '../../functions/alerts/alert.ts';
import type { Item } from '../../local/dynamodb/attribute-value.ts';
import { breakSource, type Change } from './bug-assembly.ts';

const FILE = 'functions/alerts/alert.store.ts';
const NEWER_SCHEMA = ALERT_SCHEMA + 1;

const EDITS = [
  { find: 'item.schema > ALERT_SCHEMA', replace: `item.schema > ${NEWER_SCHEMA}` },
  {
    find: '  return {\n    ...alert,\n    ...key,',
    replace: `  return {\n    ...alert,\n    schema: ${NEWER_SCHEMA},\n    ...key,`,
  },
];

/** Reads what today's code wrote, and writes what it does not read. */
export const NEWER_CODE: Change = {
  name: 'newer-code',
  file: FILE,
  edit: (source) =>
    EDITS.reduce(
      (text, edit) => breakSource(text, { name: 'newer-code', file: FILE, why: '', foundBy: [], ...edit }),
      source,
    ),
};

/** The row as it would be under today's schema, for whoever looks at a run. */
export function asToday(item: Item): Item {
  return item.schema?.N === String(NEWER_SCHEMA) ? { ...item, schema: { N: String(ALERT_SCHEMA) } } : item;
}
