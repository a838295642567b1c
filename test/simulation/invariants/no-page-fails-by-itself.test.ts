import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../functions/alerts/alert.ts';
import type { Hit, Run } from '../run.ts';
import { aRun, hitAt } from './build-run.ts';
import { noPageFailsByItself } from './no-page-fails-by-itself.ts';

/** Ben's text message fails at its first try. */
const failed = aRun((story) => void story.signal(0, 'alarm'), {
  endMinute: 20,
  publish: ({ responder, channel, attempt }) =>
    responder === 'ben' && channel === 'sms' && attempt === 1 ? 'failed' : 'sent',
});

/** What says that it failed. */
const write = failed.writes.find(({ after }) =>
  (after as unknown as Alert).timeline.some(({ event }) => event === 'page.failed'),
)!;

/** The same, when these faults met publishes of whoever wrote so. */
function hit(faults: readonly Parameters<typeof hitAt>[1][], call: Partial<Hit['call'] & object> = {}): Run {
  const publish = { service: 'sns', action: 'Publish', requestId: 'sender', n: write.n - 1, ...call };
  return {
    ...failed,
    writes: failed.writes.map((one) => (one === write ? { ...one, requestId: 'sender' } : one)),
    hits: faults.map((fault) => hitAt(15, fault, publish)),
  };
}

describe('noPageFailsByItself', () => {
  it('finds a page that failed although nothing had met it', () => {
    const [only, ...others] = noPageFailsByItself(failed);
    expect(others).toEqual([]);
    expect(only!.what).toContain('to ben by sms failed at 2026-03-02T03:15:00Z');
  });

  it('is content where a call of whoever sent it had failed as often as the SDK tries', () => {
    expect(noPageFailsByItself(hit(['throttle', 'fail-before']))).toEqual([]);
    expect(noPageFailsByItself(hit(['throttle']))).toHaveLength(1);
  });

  it('is not content with what met another invocation, what came after it, or what fails no call', () => {
    expect(noPageFailsByItself(hit(['throttle', 'throttle'], { requestId: 'another' }))).toHaveLength(1);
    expect(noPageFailsByItself(hit(['throttle', 'throttle'], { n: write.n + 1 }))).toHaveLength(1);
    const quick = hit(['slow', 'slow']).hits.map((one) => ({
      ...one,
      fault: { ...one.fault, slowMs: 300 } as Hit['fault'],
    }));
    expect(noPageFailsByItself({ ...hit([]), hits: quick })).toHaveLength(1);
  });
});
