import { describe, expect, test } from 'vitest';
import { onCall } from '../../functions/oncall/on-call.ts';
import { team } from '../support/sample-alert.ts';

const NOW = Date.parse('2026-11-24T03:00:00Z');

const operations = {
  ...team,
  schedules: { operations: ['ana', 'ben'], seniors: ['ben', 'cleo'], gone: ['zoe'], nobody: [] },
  levels: [
    ['operations'],
    ['seniors', 'operations'],
    ['cleo', 'seniors'],
    ['gone', 'nobody'],
    ['ben', 'zoe'],
  ],
};

describe('onCall', () => {
  test.each([
    ['level 1 is everybody on its schedule, in order', 1, ['ana', 'ben']],
    ['level 2 with two schedules names ben, who is on both, once', 2, ['ben', 'cleo', 'ana']],
    ['level 3 mixes a responder and a schedule', 3, ['cleo', 'ben']],
    ['level 4 is empty: an empty schedule, and one whose person has left', 4, []],
    ['level 5 drops zoe, who has left, and keeps ben', 5, ['ben']],
    ['level 9 of 5 is level 5', 9, ['ben']],
    ['level 0 is level 1', 0, ['ana', 'ben']],
  ])('%s', (_title, level, expected) => {
    expect(onCall(operations, level, NOW)).toEqual(expected);
  });

  test('nobody is on call when there are no levels', () => {
    expect(onCall({ ...team, levels: [] }, 1, NOW)).toEqual([]);
  });

  test('names of Object.prototype are neither schedules nor responders', () => {
    const levels = [['constructor', '__proto__', 'toString', 'ana']];
    expect(onCall({ ...team, levels }, 1, NOW)).toEqual(['ana']);
  });
});
