import { describe, expect, it } from 'vitest';
import { generateStory } from './generate-story.ts';
import { shrinkStory } from './shrink-story.ts';
import type { Story } from './story.ts';

const HOUR_MS = 3_600_000;
const endless = { runs: 10_000, isOver: () => false };

const alarm = (at: number, name: string, state: 'ALARM' | 'OK' = 'ALARM') =>
  ({ at, kind: 'alarm', alarm: name, state }) as const;

/** Fails while an alarm of that name fires and page's publish is hit. */
const needsBoth = async ({ events, faults }: Story): Promise<number | undefined> => {
  const fires = events.find((event) => event.kind === 'alarm' && event.alarm === 'disk-full');
  return fires && faults.some((one) => one.kind === 'lose') ? fires.at : undefined;
};

function long(): Story {
  const story = generateStory(0, 7);
  return {
    ...story,
    events: [...story.events, alarm(30 * HOUR_MS, 'disk-full'), alarm(31 * HOUR_MS, 'disk-full', 'OK')].sort(
      (a, b) => a.at - b.at,
    ),
    faults: [...story.faults, { at: 29 * HOUR_MS, kind: 'lose', channel: 'sms', count: 1, forMs: HOUR_MS }],
  };
}

describe('shrinkStory', () => {
  it('leaves the one event and the one fault that it takes, and ends soon after', async () => {
    const { story } = await shrinkStory(long(), needsBoth, endless);
    expect(story.events).toEqual([expect.objectContaining({ kind: 'alarm', alarm: 'disk-full' })]);
    expect(story.faults).toEqual([expect.objectContaining({ kind: 'lose' })]);
    expect(story.reactions).toEqual({});
    expect(story.days * 24 * HOUR_MS - story.events[0]!.at).toBeLessThanOrEqual(HOUR_MS);
  });

  it('keeps the third answer of Ana at its place when that is what it takes', async () => {
    const nth = 2;
    const base = {
      ...long(),
      reactions: { ana: [0, 1, nth, 3].map((n) => ({ afterMs: n, action: 'resolve' as const })) },
    };
    const { story } = await shrinkStory(
      base,
      async ({ reactions }) => (reactions.ana?.[nth]?.afterMs === nth ? HOUR_MS : undefined),
      endless,
    );
    expect(story).toMatchObject({
      events: [],
      faults: [],
      reactions: { ana: [null, null, { afterMs: nth }] },
    });
  });

  it('returns the story itself when it does not fail, and stops after so many runs', async () => {
    const whole = long();
    expect(await shrinkStory(whole, async () => undefined, endless)).toEqual({ story: whole, runs: 1 });
    expect((await shrinkStory(whole, needsBoth, { ...endless, runs: 7 })).runs).toBe(7);
    expect((await shrinkStory(whole, needsBoth, { runs: 9, isOver: () => true })).runs).toBe(1);
  });
});
