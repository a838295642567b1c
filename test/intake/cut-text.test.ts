import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutText, wellFormed } from '../../functions/intake/cut-text.ts';
import { SIGNAL_TEXT_LIMIT } from '../../functions/intake/signal.ts';

describe('cutText', () => {
  test('2,000 letters stay, of 2,001 the last goes', () => {
    expect(cutText('a'.repeat(2_000))).toHaveLength(2_000);
    expect(cutText('a'.repeat(2_001))).toBe('a'.repeat(2_000));
  });

  test('a character of 4 bytes that begins at byte 1,998 goes whole', () => {
    expect(cutText(`${'a'.repeat(1_998)}🔥🔥`)).toBe('a'.repeat(1_998));
  });

  test('any text is cut to a beginning of itself, of at most 2,000 bytes', () => {
    const texts = fc.string({ unit: 'binary', minLength: 450, maxLength: 900 });
    fc.assert(
      fc.property(texts, (text) => {
        const kept = cutText(text);
        expect(text.startsWith(kept)).toBe(true);
        expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(SIGNAL_TEXT_LIMIT);
      }),
      { numRuns: 100 },
    );
  });
});

describe('wellFormed', () => {
  test('half a character becomes U+FFFD, a whole one stays', () => {
    expect(wellFormed('a\ud83d')).toBe('a\ufffd');
    expect(wellFormed('a🔥')).toBe('a🔥');
  });
});
