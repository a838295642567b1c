/** Texts in a smaller alphabet: what a phone or a subject line cannot show becomes what looks or sounds like it. */

/** What Unicode's own decompositions do not give. */
const FOLDED: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '‹': "'",
  '›': "'",
  '`': "'",
  '´': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '−': '-',
  '•': '-',
  '·': '-',
  '→': '->',
  '←': '<-',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '×': 'x',
  '⁄': '/',
  '°': ' deg',
  µ: 'u',
  μ: 'u',
  '€': 'EUR',
  '£': 'GBP',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ł: 'l',
  Ł: 'L',
  ħ: 'h',
  Ħ: 'H',
  ı: 'i',
};

/** Marks that belong to the character before, and pictures: without them the text says the same. */
const DROPPED = /[\p{M}\p{Cc}\p{Cf}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]/u;

/** Rewrites a text so that `allows` holds for each of its characters; what has no likeness becomes `?`. */
export function transliterate(text: string, allows: (character: string) => boolean): string {
  const fold = (character: string): string => {
    if (allows(character)) return character;
    const folded = FOLDED[character];
    if (folded !== undefined) return folded;
    if (DROPPED.test(character)) return '';
    const decomposed = character.normalize('NFKD');
    return decomposed === character ? '?' : Array.from(decomposed, fold).join('');
  };
  return Array.from(text.normalize('NFC'), fold).join('');
}

/** Printable ASCII: all that a subject line of SNS may hold. */
export function toAscii(text: string): string {
  return transliterate(text, (character) => character >= ' ' && character <= '~');
}
