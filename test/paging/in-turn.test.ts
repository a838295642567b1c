import { describe, expect, it } from 'vitest';
import { type Alarm, inTurn } from '../../functions/paging/in-turn.ts';

/** An alarm that goes off when the test says so. */
function byHand() {
  const waiting = new Set<() => void>();
  const alarm: Alarm = (_ms, wake) => {
    waiting.add(wake);
    return () => waiting.delete(wake);
  };
  return {
    alarm,
    waiting,
    ring: () => {
      for (const wake of [...waiting]) wake();
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('inTurn', () => {
  it('begins the second message when the first is noted, and leaves no alarm behind', async () => {
    const { alarm, waiting } = byHand();
    const go = inTurn(alarm);
    const did: string[] = [];
    let note = () => {};
    const first = go(async () => {
      did.push('first');
      await new Promise<void>((resolve) => {
        note = resolve;
      });
      did.push('noted');
    });
    const second = go(async () => void did.push('second'));
    await turn();
    expect(did).toEqual(['first']);
    note();
    await Promise.all([first, second]);
    expect(did).toEqual(['first', 'noted', 'second']);
    expect(waiting.size).toBe(0);
  });

  it('goes on after a second when the one before it hangs, and after one that failed at once', async () => {
    const { alarm, ring } = byHand();
    const go = inTurn(alarm);
    void go(() => new Promise(() => undefined));
    const second = go(async () => Promise.reject(new Error('refused')));
    const third = go(async () => 'third');
    await turn();
    ring();
    await expect(second).rejects.toThrow('refused');
    expect(await third).toBe('third');
  });
});
