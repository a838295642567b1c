import { describe, expect, it, vi } from 'vitest';
import type { Bug } from './bugs.ts';
import { describeFinding, findBug, type Tell } from './find-bug.ts';

const bug: Bug = {
  name: 'lease-never-expires',
  file: 'functions/alerts/alert-pages.ts',
  find: 'a',
  replace: 'b',
  why: 'it does not',
  foundBy: ['paged-in-time'],
};

/** Tells of one violation in one story. */
const violating =
  (seed: number, invariant: string): Tell =>
  async (told) =>
    told === seed ? [{ invariant, at: 0, what: 'level 2 came never' }] : [];
const nothing: Tell = async () => [];

describe('findBug', () => {
  it('is found after 4 seeds when seed 3 breaks an invariant that may find it', async () => {
    const finding = await findBug(bug, violating(3, 'paged-in-time'), nothing, 200);
    expect(describeFinding(finding)).toBe(
      'found by seed 3 after 3 others, whose story without it violates nothing: paged-in-time: level 2 came never',
    );
  });

  it('is not found when another invariant is broken, and names that', async () => {
    const finding = await findBug(bug, violating(3, 'open-alerts-are-due'), nothing, 5);
    expect(describeFinding(finding)).toBe(
      'NOT FOUND within 5 seeds; broken were open-alerts-are-due, which its foundBy does not name',
    );
  });

  it('proves nothing when the code as it is breaks any invariant in that story', async () => {
    const finding = await findBug(bug, violating(3, 'paged-in-time'), violating(3, 'other'), 200);
    expect(finding).toMatchObject({ kind: 'unsound', seed: 3, violation: { invariant: 'other' } });
  });

  it('is looked for where it was found last, and from the beginning when it is not there', async () => {
    const tell = vi.fn(violating(2, 'paged-in-time'));
    const finding = await findBug({ ...bug, foundAt: 6 }, tell, nothing, 200);
    expect(tell.mock.calls).toEqual([[6], [0], [1], [2]]);
    expect(finding).toMatchObject({ kind: 'found', seeds: 4, seed: 2 });
  });

  it('tells no story after the one that finds it', async () => {
    const tell = vi.fn(violating(1, 'paged-in-time'));
    await findBug(bug, tell, nothing, 200);
    expect(tell.mock.calls).toEqual([[0], [1]]);
  });
});
