/** What idle.ts has to know of the rows that audits of contacts read and write, as the writes of those rows tell. */
import { keys } from '../functions/shared/table.ts';
import type { Item } from './dynamodb/watched-table.ts';

/** For longer than what a delivery report said is believed. Source: design, Paging */
const MARKS_HOLD_MS = 2 * 3_600_000;

export type WatchedAudits = ReturnType<typeof watchAudits>;

export function watchAudits(nowMs: () => number) {
  const startMs = nowMs();
  let situationWrittenMs = startMs;
  // Until they are written nobody knows what an earlier world left in these rows.
  let hasPassingMarks: boolean | undefined;
  let hasUnsettledReports = true;
  return {
    onWrite({ pk, unreachable, reports }: Item): void {
      if (pk?.S === keys.situation.pk) {
        situationWrittenMs = nowMs();
        hasPassingMarks = unreachable?.L?.some(({ M }) => M?.until !== undefined) ?? true;
      }
      if (pk?.S === keys.audit.pk)
        hasUnsettledReports =
          reports?.L?.some(({ M }) => M?.wellSince !== undefined || M?.told?.BOOL !== true) ?? true;
    },
    /** when the row of the situation was last written, or may have been */
    situationWrittenMs: () => situationWrittenMs,
    /** a later audit may do something although it sees the same: a mark ends, a report has been well for long enough */
    isUnsettled: (): boolean =>
      hasUnsettledReports || (hasPassingMarks ?? nowMs() <= startMs + MARKS_HOLD_MS),
  };
}
