import { describe, expect, test } from 'vitest';
import { readTimestamp } from '../../functions/intake/timestamp.ts';

describe('readTimestamp', () => {
  test.each([
    '2026-11-24T03:00:00.123+0000',
    '2026-11-24T03:00:00.123Z',
    '2026-11-24T03:00:00.123+00:00',
    '2026-11-24T03:00:00.123456789Z',
    '2026-11-24T04:30:00.123+0130',
    '2026-11-23T22:00:00.123-05:00',
  ])('%s is 1795489200123', (text) => {
    expect(readTimestamp(text)).toBe(1_795_489_200_123);
  });

  test.each([
    ['2026-11-24T03:00:00Z', 1_795_489_200_000],
    ['2026-11-24T03:00:00.5Z', 1_795_489_200_500],
    ['2028-02-29T00:00:00Z', 1_835_395_200_000],
  ])('%s is %i', (text, expected) => {
    expect(readTimestamp(text)).toBe(expected);
  });

  test.each([
    '2026-02-30T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-24T24:00:00Z',
    '2026-11-24T03:60:00Z',
    '2026-11-24T03:00:60Z',
    '2026-11-24T03:00:00+2400',
    '2026-11-24T03:00:00+0060',
    '2026-11-24T03:00:00',
    '2026-11-24',
    '1795489200123',
    'Tuesday 24 November, 2026 03:00:00 UTC',
    ' 2026-11-24T03:00:00Z',
    '',
  ])('%j names no moment', (text) => {
    expect(readTimestamp(text)).toBeUndefined();
  });
});
