/** Bounds a sender's free text, so that an alert stays one small item whatever its body had. */
import { SIGNAL_TEXT_LIMIT } from './signal.ts';

/** Cuts to {@link SIGNAL_TEXT_LIMIT} bytes of UTF-8, between characters. */
export function cutText(text: string, limit = SIGNAL_TEXT_LIMIT): string {
  const bytes = Buffer.from(text);
  let end = Math.min(bytes.length, limit);
  while (end < bytes.length && isContinuation(bytes[end]!)) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** Replaces what has no UTF-8, as the half character that `"\ud800"` makes in JSON: no table takes it. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function isContinuation(byte: number): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}
