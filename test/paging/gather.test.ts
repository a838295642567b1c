import { describe, expect, it } from 'vitest';
import { clock, pagingRig } from '../support/paging-rig.ts';
import { memoryTableOfTest } from '../support/real-table.ts';
import { MINUTE_MS, START_MS } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';

const SECOND = 1 / 60;

/** Holds warnings until minute 10. */
const window = {
  kind: 'once',
  id: 'upgrade',
  hold: 'maintenance',
  match: { severity: 'warning' },
  reason: 'upgrade',
  from: START_MS,
  until: START_MS + 10 * MINUTE_MS,
} as const;

describe('a page that comes while others gather after a hold', () => {
  it('does not wait for them: it goes out at once, with those that have come', async () => {
    const rig = pagingRig(await memoryTableOfTest(), { operations: { ...fourLevels, windows: [window] } });
    await rig.signal(1, 'queue', 'alarm', { severity: 'warning' });
    await rig.signal(10 + SECOND, 'cpu', 'alarm');
    await rig.runTo(10 + 2 * SECOND);
    const byEmail = rig.sent.filter(({ channel }) => channel === 'email');
    expect(byEmail.map(({ at, subject }) => `${clock(at)} ${subject}`)).toEqual([
      '10:01 CRITICAL 2 alerts since 03:01Z',
    ]);
    expect(rig.failures).toEqual([]);
  });
});

describe('a page that gathers after a hold', () => {
  /** What the timeline says of a warning whose maintenance ends at minute 10. */
  async function waits(otherAt?: number): Promise<string[]> {
    const rig = pagingRig(await memoryTableOfTest(), { operations: { ...fourLevels, windows: [window] } });
    await rig.signal(1, 'queue', 'alarm', { severity: 'warning' });
    if (otherAt !== undefined) await rig.signal(otherAt, 'cpu', 'alarm');
    await rig.runTo(12);
    expect((await rig.alert('queue')).pages.map(({ status }) => status)).toEqual(['sent']);
    return (await rig.timeline('queue')).flatMap(({ event, reason }) =>
      event === 'page.held' && reason ? [reason] : [],
    );
  }

  it('is not said to wait for a message that this contact never had', async () => {
    expect(await waits()).toEqual([]);
  });

  it('is said to wait for the message that this contact had 30 seconds before', async () => {
    expect(await waits(9.5)).toEqual(['waiting-for-slot']);
  });
});
