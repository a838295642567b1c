/** Takes addresses and secrets out of a text that goes into a log, an error or a dead letter, by what they look like. */
import { messageOf } from './errors.ts';

/** Of a longer text the end is left out: what looks for secrets takes as long as the text. */
const TEXT_MOST = 8_000;

/**
 * In this order. Each pattern is bounded, so that no text takes long. What is taken for one of them and is none, a
 * large number or an identifier of 32 characters, is missed by nobody.
 */
const PATTERNS: readonly (readonly [pattern: RegExp, put: string])[] = [
  // A link, a confirmation of SNS, a heartbeat: the path is the secret.
  [/(https?:\/\/)([^\s"'<>\\/]{1,255}@)?([^\s"'<>\\/?#@]{1,255})[/?#][^\s"'<>\\]*/gi, '$1$3/[path]'],
  [/\/a\/[\w-]{16,}/g, '/a/[token]'],
  [/\b(token|signature|routing_key)(["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"'&,;<>\\]+/gi, '$1$2[secret]'],
  [/\b(bearer|basic) +[^\s"'<>\\]+/gi, '$1 [secret]'],
  [/[^\s@<>"'/\\:;,()[\]{}=]{1,64}(?:@|%40)[^\s@<>"'/\\:;,()[\]{}=]{1,255}/gi, '[email]'],
  // E.164, as people write it, too. An offset such as +0200 is shorter, and begins with 0.
  [/\+[1-9](?:[\s().-]{0,2}\d){6,14}/g, '[number]'],
  // Without its +; not within an ARN, a UUID, a key of the table, or a decimal.
  [/(?<![\w:#./+-])\d{10,15}(?![\w:#./-])/g, '[number]'],
  // An integration key, a routing key, a hash of one; and whatever is longer and no name of an exception.
  [/(?<![A-Za-z0-9])(?:[A-Za-z0-9]{32}|(?=[A-Za-z]*\d)[A-Za-z0-9]{33,})(?![A-Za-z0-9])/g, '[key]'],
  // A link's token by itself: 22 characters of base64url, and no word that is written in one case.
  [/(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{22}(?![\w-])/g, '[token]'],
];

/** The text without phone numbers, email addresses, links' paths, tokens and keys. */
export function redact(text: string): string {
  const kept = text.length > TEXT_MOST ? `${text.slice(0, TEXT_MOST)}… (${text.length} characters)` : text;
  return PATTERNS.reduce((left, [pattern, put]) => left.replace(pattern, put), kept);
}

/** Why something failed, for a dead letter, a timeline or the watchers. */
export function reasonOf(error: unknown): string {
  return redact(messageOf(error));
}

/** The error as whoever invoked the function may see it: Lambda writes it to the log, and into its answer. */
export function redactError(error: unknown): Error {
  const { name, stack } = error instanceof Error ? error : new Error('not an error');
  const shown = new Error(reasonOf(error));
  shown.name = name;
  shown.stack = redact(stack ?? '');
  return shown;
}
