import { describe, expect, it } from 'vitest';
import { describeStory } from './describe-story.ts';
import { generateStory } from './generate-story.ts';

describe('describeStory', () => {
  it('tells in order when what happens, what goes wrong, and what people do', () => {
    const lines = describeStory({
      seed: 1,
      days: 0.5,
      startMs: Date.UTC(2026, 2, 2, 3),
      team: 'small',
      events: [
        { at: 60_000, kind: 'alarm', alarm: 'disk-full', state: 'ALARM' },
        { at: 90_000, kind: 'deploy', team: 'fourLevels', overlapMs: 300_000 },
        { at: 3_600_000, kind: 'command', command: { command: 'snooze', minutes: 5 }, alert: 'disk-full' },
      ],
      faults: [
        {
          at: 61_250,
          kind: 'call',
          function: 'page',
          fault: 'crash-after',
          skip: 2,
          count: 1,
          forMs: 60_000,
        },
        { at: 70_000, kind: 'message', queue: 'due', laterMs: [0, 90_000], count: 1, forMs: 60_000 },
        { at: 80_000, kind: 'schedule', schedule: 'tocsin-tick', laterMs: [], count: 2, forMs: 60_000 },
      ],
      reactions: { ana: [null, { afterMs: 90_000, action: 'acknowledge', againAfterMs: 400 }], ben: [null] },
    });
    expect(lines).toEqual([
      '2026-03-02T03:00:00.000Z  the team is small',
      '2026-03-02T03:01:00.000Z  alarm disk-full: ALARM',
      '2026-03-02T03:01:01.250Z  FAULT crash-after: 1 calls of page any service after 2 of them, within 1 min',
      '2026-03-02T03:01:10.000Z  FAULT the next 1 messages into the due queue come at once and 1.5 min later, within 1 min',
      '2026-03-02T03:01:20.000Z  FAULT the next 2 runs of tocsin-tick are skipped, within 1 min',
      '2026-03-02T03:01:30.000Z  deploy of fourLevels, beside the old code for 5 min (2026-03-02T03:06:30.000Z)',
      '2026-03-02T04:00:00.000Z  operator: snooze disk-full {"minutes":5}',
      '2026-03-02T15:00:00.000Z  the story ends',
      'ana, message 2: acknowledge after 1.5 min, and again 0.4 s later',
    ]);
  });

  it('has a line for each event and fault of 30 generated stories, and nothing undefined in it', () => {
    for (let seed = 0; seed < 30; seed++) {
      const story = generateStory(seed, 7);
      const lines = describeStory({ ...story, reactions: {} });
      expect(lines).toHaveLength(story.events.length + story.faults.length + 2);
      expect(lines.filter((line) => /undefined|NaN|\[object/.test(line))).toEqual([]);
    }
  });
});
