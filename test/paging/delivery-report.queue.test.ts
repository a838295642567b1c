import { describe, expect, it } from 'vitest';
import { reportOf } from '../../functions/paging/delivery-report.queue.ts';

const REPORT = { messageId: 'm-1', reason: 'not delivered: Phone has blocked SMS', lasting: true };

describe('reportOf', () => {
  it('reads what is handed over', () => {
    expect(reportOf({ report: REPORT })).toEqual(REPORT);
  });

  it('does not mark a contact that nobody said is unreachable for long', () => {
    expect(reportOf({ report: { messageId: 'm-1', reason: 'x' } })?.lasting).toBe(false);
  });

  it.each([
    ['a row that is due', { pk: 'alert#1', sk: 'current', dueAt: 1 }],
    ['a report without its message', { report: { reason: 'x', lasting: true } }],
    ['a report without a reason', { report: { messageId: 'm-1', lasting: true } }],
    ['nothing', null],
    ['a text', 'report'],
  ])('takes %s for no report', (_what, message) => {
    expect(reportOf(message)).toBeUndefined();
  });
});
