/** A moment as AWS writes it: `+0000` without a colon from CloudWatch, `Z` from EventBridge and SNS. */
import * as z from 'zod/mini';

const SHAPE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(?:Z|([+-])(\d\d):?(\d\d))$/;
const MINUTE_MS = 60_000;

/** Reads an ISO 8601 text into epoch milliseconds. */
export const Timestamp = z.pipe(
  z.string(),
  z.transform((text, context) => {
    const atMs = readTimestamp(text);
    if (atMs !== undefined) return atMs;
    context.issues.push({
      code: 'custom',
      input: text,
      message: 'a moment such as 2026-11-24T03:00:00.123+0000',
    });
    return z.NEVER;
  }),
);

/** @returns epoch milliseconds; undefined when the text is none, or names a moment that no calendar has */
export function readTimestamp(text: string): number | undefined {
  const [, seconds = '', fraction = '', sign, hours = '0', minutes = '0'] = SHAPE.exec(text) ?? [];
  const localMs = Date.parse(`${seconds}Z`);
  // Date.parse makes the 2nd of March of the 30th of February.
  if (Number.isNaN(localMs) || !new Date(localMs).toISOString().startsWith(seconds)) return undefined;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  const millis = Number(fraction.slice(1, 4).padEnd(3, '0'));
  return localMs + millis - (sign === '-' ? -offsetMs : offsetMs);
}
