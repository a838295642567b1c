/** An alert's item stays under 64 KB, with at most 20 pages that are settled and 100 entries not yet copied out. Source: design, The table */
import type { Alert } from '../../../functions/alerts/alert.ts';
import type { Invariant } from '../run.ts';
import { historiesOf } from './life-history.ts';
import { nameLife } from './words.ts';

const BYTES_MOST = 64 * 1024;
const PAGES_MOST = 20;
const ENTRIES_MOST = 100;

export const itemIsBounded: Invariant = (run) =>
  historiesOf(run).flatMap((life) =>
    life.states.flatMap(({ at, alert }) =>
      tooMuchOf(alert).map((what) => ({
        invariant: 'item-is-bounded',
        at,
        what: `alert ${nameLife(life)} has ${what} in version ${alert.version}`,
      })),
    ),
  );

function tooMuchOf(alert: Alert): string[] {
  const bytes = Buffer.byteLength(JSON.stringify(alert));
  const settled = alert.pages.filter(({ status }) => ['sent', 'dropped', 'undeliverable'].includes(status));
  return [
    ...(bytes >= BYTES_MOST ? [`${bytes} bytes (the most: ${BYTES_MOST})`] : []),
    ...(settled.length > PAGES_MOST ? [`${settled.length} settled pages (the most: ${PAGES_MOST})`] : []),
    ...(alert.timeline.length > ENTRIES_MOST
      ? [`${alert.timeline.length} entries of the timeline (the most: ${ENTRIES_MOST})`]
      : []),
  ];
}
