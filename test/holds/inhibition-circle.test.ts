import { describe, expect, it } from 'vitest';
import { INHIBITED_MOST } from '../../functions/holds/inhibition.ts';
import { writeOwnMessage } from '../../functions/intake/own-signal.ts';
import { receive } from '../../functions/intake/receive.ts';
import type { Inhibition } from '../../functions/operations/operations.ts';
import { pagingRig } from '../support/paging-rig.ts';
import { memoryTableOfTest } from '../support/real-table.ts';
import { tell } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';

const rule = (one: string, other: string): Inhibition => ({
  while: { labels: { name: one } },
  hold: { labels: { name: other } },
  equal: [],
});

describe('rules that lead in a circle: a explains b, b explains c, c explains a', () => {
  it('come to rest, and somebody is paged for each of the three', async () => {
    const inhibitions = [rule('a', 'b'), rule('b', 'c'), rule('c', 'a')];
    const rig = pagingRig(await memoryTableOfTest(), { operations: { ...fourLevels, inhibitions } });
    for (const [minute, name] of ['a', 'b', 'c'].entries()) {
      await rig.justTo(minute);
      const source = { kind: 'cli' as const, key: name, by: 'cli:ana' };
      const signal = {
        dedupKey: name,
        source,
        state: 'alarm' as const,
        at: rig.at(),
        detail: { title: name },
      };
      await receive(writeOwnMessage({ signal: { ...signal, labels: { name } } }), rig.ports);
    }
    await rig.runTo(12);
    const alerts = await Promise.all(['a', 'b', 'c'].map((name) => rig.alert(name)));
    const paged = alerts.map(({ pages }) => pages.some(({ status }) => status === 'sent'));
    expect(paged).toEqual([true, true, true]);
    expect(Math.max(...alerts.map(({ timesInhibited = 0 }) => timesInhibited))).toBe(INHIBITED_MOST);
    expect(await rig.ports.reviews.read()).not.toHaveProperty('dueAt');
  });
});

describe(`an alert that others have held ${INHIBITED_MOST} times`, () => {
  it('is held no more in this life, and is in the next', () => {
    const story = tell(fourLevels);
    const flap = (minute: number) => {
      story.review(minute, fourLevels, { by: 'other', since: 0 });
      const isHeld = story.alert!.holds.inhibited !== undefined;
      story.review(minute + 1, fourLevels);
      return isHeld;
    };
    story.signal(0, 'alarm');
    const held = Array.from({ length: INHIBITED_MOST + 2 }, (_, n) => flap(1 + 2 * n));
    expect(held).toEqual([...Array(INHIBITED_MOST).fill(true), false, false]);
    story.answer(60, 'resolve', 'ana');
    story.signal(61, 'alarm');
    expect(flap(62)).toBe(true);
  });
});
