import { describe, expect, it } from 'vitest';
import { judgeSlot } from '../../functions/watchers/judge-slot.ts';

const NOW = Date.parse('2026-03-02T03:00:00Z');
const agoS = (seconds: number) => NOW - seconds * 1000;

describe('judgeSlot', () => {
  it.each([
    ['a turn ahead', { dueAt: agoS(-30) }, [], 'in-time'],
    [
      'a turn ahead, and somebody who came 121 s ago',
      { dueAt: agoS(-30) },
      [{ putAt: agoS(121) }],
      'in-time',
    ],
    ['a turn that was due 2 minutes ago', { dueAt: agoS(120) }, [], 'in-time'],
    ['a turn that was due 121 s ago', { dueAt: agoS(121) }, [], 'overdue'],
    [
      'a turn ahead, after it failed again and again',
      { dueAt: agoS(-30), stuck: 'no such row' },
      [],
      'stuck',
    ],
    ['such a turn that was due 121 s ago', { dueAt: agoS(121), stuck: 'no such row' }, [], 'overdue'],
    ['no turn, and nobody who waits', {}, [], 'in-time'],
    ['no turn, and somebody who came 2 minutes ago', {}, [{ putAt: agoS(120) }], 'in-time'],
    ['no turn, and somebody who came 121 s ago', {}, [{ putAt: agoS(5) }, { putAt: agoS(121) }], 'not-armed'],
    ['no row at all, and somebody who has waited for who knows how long', undefined, [{}], 'not-armed'],
  ])('a slot with %s', (_, slot, rows, expected) => {
    expect(judgeSlot(slot, rows, NOW)).toBe(expected);
  });
});
