import { describe, expect, it } from 'vitest';
import { freeAt, sentBefore, toldAt, type WaitingRow } from '../../functions/paging/slot.ts';

const NOON = Date.UTC(2026, 10, 24, 12);

const row = (changes: Partial<WaitingRow> = {}): WaitingRow => ({
  sk: 'waiting#1',
  alertId: 'a',
  pageId: '1',
  attempt: 1,
  owedAt: NOON,
  isNotice: false,
  putAt: NOON,
  ...changes,
});

describe('freeAt', () => {
  it('is now for a slot that was never used', () => expect(freeAt({ version: 1 }, NOON)).toBe(NOON));

  it('is now when minute and lease have passed', () =>
    expect(freeAt({ version: 1, nextAllowedAt: NOON - 1, leaseUntil: NOON - 2 }, NOON)).toBe(NOON));

  it.each([
    ['the minute', NOON + 60_000, NOON + 30_000],
    ['the lease', NOON + 10_000, NOON + 60_000],
  ])('is the end of %s when that is the later', (_, nextAllowedAt, leaseUntil) =>
    expect(freeAt({ version: 1, nextAllowedAt, leaseUntil }, NOON)).toBe(NOON + 60_000),
  );
});

describe('sentBefore', () => {
  const sent = [
    { at: NOON - 60_000, pages: ['a#1'] },
    { at: NOON, pages: ['a#2', 'b#1'] },
  ];

  it('finds the message that had the page among several', () =>
    expect([sentBefore({ sent }, 'a', '1'), sentBefore({ sent }, 'b', '1')]).toEqual([NOON - 60_000, NOON]));

  it('knows of no message for another page of that alert, or of a slot that sent nothing', () =>
    expect([sentBefore({ sent }, 'a', '3'), sentBefore({}, 'a', '1')]).toEqual([undefined, undefined]));
});

describe('toldAt', () => {
  const told = { pages: { at: NOON + 5_000, upTo: NOON } };

  it('tells of a row put at the very last moment that the message tells of, and of none put 1 ms later', () =>
    expect([toldAt({ told }, row()), toldAt({ told }, row({ putAt: NOON + 1 }))]).toEqual([
      NOON + 5_000,
      undefined,
    ]));

  it('does not take a notice for told by a message of pages, nor a page by one of notices', () => {
    expect(toldAt({ told }, row({ isNotice: true }))).toBeUndefined();
    expect(toldAt({ told: { notices: told.pages } }, row())).toBeUndefined();
    expect(toldAt({ told: { notices: told.pages } }, row({ isNotice: true }))).toBe(NOON + 5_000);
  });

  it('tells of no row without its moment, and of none where there was no storm', () =>
    expect([
      toldAt({ told }, row({ putAt: undefined })),
      toldAt({}, row()),
      toldAt({}, row({ isNotice: true })),
    ]).toEqual([undefined, undefined, undefined]));
});
