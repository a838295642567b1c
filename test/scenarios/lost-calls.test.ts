import { beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../local/aws/gate.ts';
import { type RecordedCall, recordCalls, tellWithFault, tellWithSickAudits } from '../support/faults.ts';
import { scenario } from '../support/scenario.ts';

const FAULTS: (Fault & { performed: boolean })[] = [
  { kind: 'throttle', performed: false },
  { kind: 'time-out', performed: false },
  { kind: 'time-out', performed: true },
];

describe('a call to AWS that', () => {
  let calls: RecordedCall[];
  beforeAll(async () => {
    calls = await recordCalls();
  });

  it.each(FAULTS)(
    'meets $kind, performed: $performed, delays a page by 3 minutes at most, repeats it once at most',
    async (fault) => {
      const wrong: string[] = [];
      for (const call of calls) wrong.push(...(await tellWithFault(call, fault)));
      expect(wrong).toEqual([]);
    },
    120_000,
  );

  it.each(FAULTS)(
    'is any of an audit and meets $kind, performed: $performed, changes nothing for those who are paged',
    async (fault) => {
      expect(await tellWithSickAudits(fault)).toEqual([]);
    },
  );

  it('is a publish and is never answered is repeated after 3 s, within the same invocation', async () => {
    let publishes = 0;
    const story = await scenario({
      inject: ({ service }) => (service === 'sns' && ++publishes <= 2 ? { kind: 'time-out' } : undefined),
    });
    story.alarm(0, 'cpu');
    await story.runTo(5);
    // The email does not wait for an SMS that hangs for longer than a second.
    expect(story.pages()).toEqual(['0.05 level 1 ana sms', '0.07 level 1 ana email']);
    const publishing = story.world.calls.filter(({ action }) => action === 'Publish');
    expect(new Set(publishing.map(({ requestId }) => requestId)).size).toBe(1);
  });
});
