import { describe, expect, it } from 'vitest';
import { aRun, hitAt } from './build-run.ts';
import { noPageFailsByItself } from './no-page-fails-by-itself.ts';

/** Ben's text message fails at its first try. */
const failed = aRun((story) => void story.signal(0, 'alarm'), {
  endMinute: 20,
  publish: ({ responder, channel, attempt }) =>
    responder === 'ben' && channel === 'sms' && attempt === 1 ? 'failed' : 'sent',
});

describe('noPageFailsByItself', () => {
  it('finds a page that failed although nothing had met it', () => {
    const [only, ...others] = noPageFailsByItself(failed);
    expect(others).toEqual([]);
    expect(only!.what).toContain('to ben by sms failed at 2026-03-02T03:15:00Z');
  });

  it('is content where a fault was near', () => {
    expect(noPageFailsByItself({ ...failed, hits: [hitAt(15, 'throttle')] })).toEqual([]);
    expect(noPageFailsByItself({ ...failed, hits: [hitAt(10, 'throttle')] })).toHaveLength(1);
  });
});
