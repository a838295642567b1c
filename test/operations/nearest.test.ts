import { describe, expect, it } from 'vitest';
import { chooseFrom, nearest } from '../../functions/operations/nearest.ts';

const LEVELS = ['operations', 'senior-operations', 'development', 'management'];

describe('nearest', () => {
  it.each([
    ['operation', 'operations'],
    ['Operations', 'operations'],
    ['senior-ops', 'senior-operations'],
    ['devlopment', 'development'],
    ['mangaement', 'management'],
  ])('%s is %s', (written, meant) => {
    expect(nearest(written, LEVELS)).toBe(meant);
  });

  it.each(['', 'x', 'executive-board'])('nothing is near %o', (written) => {
    expect(nearest(written, LEVELS)).toBeUndefined();
  });
});

describe('chooseFrom', () => {
  it('lists the names when none is near', () => {
    expect(chooseFrom('responders', ['ana', 'ben'], 'zoltan')).toBe("one of the responders: 'ana', 'ben'");
  });

  it('lists at most 12', () => {
    const names = Array.from({ length: 13 }, (_, i) => `responder-${i}`);
    expect(chooseFrom('responders', names, 7)).toMatch(/'responder-11', …$/);
  });
});
