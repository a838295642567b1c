import { describe, expect, it } from 'vitest';
import { unexcused } from './explaining-hits.ts';

const repeated = (at: number, ...excuses: string[]) => ({ at, excuses, of: `at ${at}` });

describe('unexcused', () => {
  it('lets each excuse serve once, for whoever came first', () => {
    expect(unexcused([repeated(2, 'crash'), repeated(1, 'crash')])).toEqual(['at 2']);
  });

  it('gives another excuse to who has two, so that nobody is left without', () => {
    expect(unexcused([repeated(1, 'own', 'other'), repeated(2, 'own')])).toEqual([]);
    expect(
      unexcused([repeated(1, 'a', 'b'), repeated(2, 'a', 'b'), repeated(3, 'b', 'a'), repeated(4, 'c', 'a')]),
    ).toEqual(['at 3']);
  });

  it('finds what has no excuse at all', () => {
    expect(unexcused([repeated(1)])).toEqual(['at 1']);
  });
});
