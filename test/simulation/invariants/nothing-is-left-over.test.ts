import { describe, expect, it } from 'vitest';
import type { Row, Run } from '../run.ts';
import { aRun, hitAt, minute, withAlerts } from './build-run.ts';
import { itemIsBounded } from './item-is-bounded.ts';
import { noBugInTheLog } from './no-bug-in-the-log.ts';
import { nothingIsLeftOver } from './nothing-is-left-over.ts';

const unanswered = aRun((story) => void story.signal(0, 'alarm'));

describe('nothingIsLeftOver', () => {
  const left = (row: Row) => nothingIsLeftOver({ ...unanswered, items: [...unanswered.items, row] });
  const contact = 'contact#ana#sms';

  it('holds where a slot is free or was left by somebody who crashed, and where what is under way has its time', () => {
    expect(left({ pk: contact, sk: 'slot', leaseUntil: minute(1) })).toEqual([]);
    expect(left({ pk: contact, sk: 'slot', version: 3, nextAllowedAt: minute(1) })).toEqual([]);
    expect(left({ pk: contact, sk: 'waiting#1', putAt: unanswered.endMs - 30_000 })).toEqual([]);
  });

  it('finds a row of the line, a turn, a storm and a review that nobody has seen to', () => {
    expect(left({ pk: contact, sk: 'waiting#1', putAt: minute(1) })[0]!.what).toContain('waits in the line');
    expect(left({ pk: contact, sk: 'slot', dueAt: minute(1) })[0]!.what).toContain('a turn');
    const told = { pages: { at: minute(1), upTo: minute(1) } };
    expect(left({ pk: contact, sk: 'slot', told })[0]!.what).toContain('a storm');
    expect(left({ pk: 'review', sk: 'again#1', dueAt: minute(1) })[0]!.what).toContain('a review');
  });
});

describe('itemIsBounded', () => {
  it('holds for an alert that nobody answers', () => {
    expect(itemIsBounded(unanswered)).toEqual([]);
  });

  it('finds an item of 64 KB', () => {
    const run = withAlerts(unanswered, (alert) => ({
      ...alert,
      detail: { ...alert.detail, description: 'x'.repeat(64 * 1024) },
    }));
    expect(itemIsBounded(run)[0]!.what).toContain('bytes (the most: 65536)');
  });
});

describe('noBugInTheLog', () => {
  const logged = (entry: object, more: Partial<Run> = {}): Run => ({
    ...unanswered,
    ...more,
    logs: [{ at: minute(5), function: 'tocsin-page', requestId: 'r', line: JSON.stringify(entry) }],
  });
  const bug = { level: 'WARN', kind: 'bug', message: 'a message failed', function_request_id: 'request-1' };

  it('finds a bug that no fault explains', () => {
    expect(noBugInTheLog(logged(bug))[0]!.what).toContain('tocsin-page wrote');
    expect(noBugInTheLog(logged({ level: 'ERROR', message: 'a row is stuck' }))).toHaveLength(1);
  });

  it('leaves warnings, malformed signals, and what a fault has met alone', () => {
    expect(noBugInTheLog(logged({ ...bug, kind: 'retry' }))).toEqual([]);
    expect(noBugInTheLog(logged({ level: 'ERROR', message: 'signal kept aside' }))).toEqual([]);
    const call = { n: 1, function: 'tocsin-page', requestId: 'request-1', service: 'sns', action: 'Publish' };
    const fault = { at: 0, kind: 'call' as const, fault: 'throttle' as const, skip: 0, count: 1, forMs: 1 };
    expect(noBugInTheLog(logged(bug, { hits: [{ at: minute(5), fault, call }] }))).toEqual([]);
  });

  describe('of what Lambda writes of an invocation that failed', () => {
    const timedOut = 'ERROR Runtime.ExitError: Task timed out after 10.00 seconds';
    const failed = (line: string, more: Partial<Run> = {}): Run => ({
      ...unanswered,
      ...more,
      logs: [...(more.logs ?? []), { at: minute(5), function: 'tocsin-page', requestId: 'request-1', line }],
    });

    it('finds one that ran out of time, ended or could not start, when no fault had met it', () => {
      const lines = [
        timedOut,
        'ERROR Runtime.ExitError: out of memory',
        'ERROR Error: no such module\n    at …',
      ];
      expect(lines.flatMap((line) => noBugInTheLog(failed(line))).map(({ what }) => what)).toEqual(
        lines.map((line) => `tocsin-page wrote, and no fault had met it: ${line}`),
      );
      const elsewhere = hitAt(5, 'out-of-time', { requestId: 'request-2' });
      expect(noBugInTheLog(failed(timedOut, { hits: [elsewhere] }))).toHaveLength(1);
    });

    it('leaves one alone that a fault met, and one that has told of itself what it threw', () => {
      const own = hitAt(5, 'out-of-time', { requestId: 'request-1' });
      expect(noBugInTheLog(failed(timedOut, { hits: [own] }))).toEqual([]);
      const told = { level: 'ERROR', kind: 'retry', message: 'the function failed' };
      const run = logged({ ...told, function_request_id: 'request-1' });
      const judged = noBugInTheLog(failed('ERROR OpsError: try again', { logs: run.logs }));
      expect(judged.map(({ what }) => what)).toEqual([expect.stringContaining('the function failed')]);
    });
  });
});
