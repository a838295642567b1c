import { describe, expect, it } from 'vitest';
import type { DeliveredMessage } from '../../../local/aws/topics.ts';
import { fourLevels } from '../../support/teams.ts';
import type { Run } from '../run.ts';
import { aLostSmsIsHeardOf } from './a-lost-sms-is-heard-of.ts';
import { aRun, hitAt, minute } from './build-run.ts';

const sent = aRun((story) => story.signal(0, 'alarm'));

/** Ana's first SMS did not arrive. */
function lost(run: Run, dropReason: string): Run {
  const publish = run.publishes.find(({ responder, channel }) => responder === 'ana' && channel === 'sms')!;
  const message: DeliveredMessage = {
    at: publish.takenAt!,
    channel: 'sms',
    to: fourLevels.responders.ana!.phone!,
    body: publish.body,
    delivered: false,
    dropReason,
  };
  return { ...run, messages: [message] };
}

describe('aLostSmsIsHeardOf', () => {
  it('finds one whose alert says that it was sent', () => {
    const [only, ...others] = aLostSmsIsHeardOf(lost(sent, 'Phone number is opted out'));
    expect(others).toEqual([]);
    expect(only!.what).toContain('to ana by sms did not arrive (Phone number is opted out)');
    expect(only!.what).toContain('had to know by 2026-03-02T03:00:13Z');
  });

  it('holds where the alert says so', () => {
    const run = lost(sent, 'Phone number is opted out');
    const lives = run.lives.map(({ alert, timeline }) => ({
      alert,
      timeline: [
        ...timeline,
        {
          ...timeline.at(-1)!,
          n: 99,
          at: minute(0) + 7_000,
          event: 'page.undeliverable' as const,
          responder: 'ana',
          channel: 'sms' as const,
        },
      ],
    }));
    expect(aLostSmsIsHeardOf({ ...run, lives })).toEqual([]);
  });

  it('asks nothing of one that was lost without a trace, or that its sender could not note', () => {
    expect(aLostSmsIsHeardOf(lost(sent, 'injected: SNS has lost it'))).toEqual([]);
    const { requestId } = sent.publishes.find(({ channel }) => channel === 'sms')!;
    const hits = [hitAt(0, 'crash-after', { requestId })];
    expect(aLostSmsIsHeardOf({ ...lost(sent, 'Phone number is opted out'), hits })).toEqual([]);
  });
});
