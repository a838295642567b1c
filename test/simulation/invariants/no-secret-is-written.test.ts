import { describe, expect, it } from 'vitest';
import type { Run } from '../run.ts';
import { aRun } from './build-run.ts';
import { noSecretIsWritten } from './no-secret-is-written.ts';

const unanswered: Run = {
  ...aRun((story) => void story.signal(0, 'alarm')),
  secrets: [{ of: "ana's phone", text: '12025550101' }],
};

const found = (more: Partial<Run>) => noSecretIsWritten({ ...unanswered, ...more }).map(({ what }) => what);

describe('noSecretIsWritten', () => {
  it('holds where rows and logs name people, not their addresses', () => {
    const line = '{"level":"WARN","message":"SNS refused a message to ana by sms"}';
    expect(found({ logs: [{ at: 0, function: 'tocsin-page', requestId: 'r', line }] })).toEqual([]);
  });

  it('finds a number in a log, a row, a call, a queue and a dead letter, and does not repeat it', () => {
    const text = 'no answer of +12025550101';
    const metric = { MetricData: [{ Dimensions: [{ Name: 'to', Value: text }] }] };
    const caller = { function: 'tocsin-page', service: 'cloudwatch' as const, action: 'PutMetricData' };
    const places: Partial<Run>[] = [
      { logs: [{ at: 0, function: 'tocsin-page', requestId: 'r', line: text }] },
      { items: [{ pk: 'alert#1', sk: 'current', note: text }] },
      { handedOver: [{ ...caller, input: metric }] },
      { queued: [{ queue: 'due', body: text }] },
      { deadLetters: [{ queue: 'intake', body: '{', reason: text }] },
    ];
    const all = places.flatMap(found);
    expect(all.map((what) => what.replace(/: .*/, ''))).toEqual([
      "the log of tocsin-page has ana's phone",
      "the row alert#1 current has ana's phone",
      "the call cloudwatch PutMetricData of tocsin-page has ana's phone",
      "a message in due has ana's phone",
      "a dead letter of intake has ana's phone",
    ]);
    expect(all.join()).not.toContain('12025550101');
  });

  it('finds what a write left in a row until the next one took it out, once', () => {
    const row = { pk: 'contact#ana#sms', sk: 'slot' };
    const write = { at: 0, n: 1, function: 'tocsin-page', ...row };
    const leaky = { ...row, sent: [{ to: '+12025550101' }] };
    const writes: Run['writes'] = [
      { ...write, before: undefined, after: leaky },
      { ...write, before: leaky, after: { ...leaky, version: 2 } },
      { ...write, before: leaky, after: row },
    ];
    expect(found({ writes, items: [row] })).toEqual([
      expect.stringContaining("the row contact#ana#sms slot has ana's phone"),
    ]);
  });
});
