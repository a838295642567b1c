/** The alphabet of a text message: what it holds, and how much room a text takes. Source: 3GPP TS 23.038, 6.2.1 */
import { transliterate } from './transliterate.ts';

/** One message of the GSM 7-bit alphabet; one character outside of it would leave room for 70 only. */
export const SMS_SEPTETS = 160;

const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENSION = '^{}\\[~]|€';

const SEPTETS = new Map<string, number>([
  ...Array.from(BASIC, (character) => [character, 1] as const),
  ...Array.from(EXTENSION, (character) => [character, 2] as const),
]);

/** The text in the GSM 7-bit alphabet. */
export function toGsm7(text: string): string {
  return transliterate(text, (character) => SEPTETS.has(character));
}

/** How much room a text takes, or NaN when the alphabet does not hold it. */
export function septetsOf(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (SEPTETS.get(character) ?? Number.NaN), 0);
}

/** The text within so many septets, with `..` where something was cut. */
export function cutToSeptets(text: string, septets: number): string {
  if (septetsOf(text) <= septets) return text;
  const ellipsis = '..'.slice(0, Math.max(0, septets));
  let room = septets - ellipsis.length;
  let kept = '';
  for (const character of text) {
    room -= septetsOf(character);
    if (room < 0) break;
    kept += character;
  }
  return kept.trimEnd() + ellipsis;
}
