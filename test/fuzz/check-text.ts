/** What a text must be before AWS takes it. */
import { promise } from './target.ts';

/** SQS may refuse a message with any other character. Source: SQS API reference, SendMessage */
const NOT_FOR_SQS = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** @param most  bytes of UTF-8 */
export function checkSqsText(text: string, most: number, what: string): void {
  promise(text !== '' && Buffer.byteLength(text) <= most, `${what} has 1 to ${most} bytes`);
  promise(!NOT_FOR_SQS.test(text), `${what} has only characters that SQS takes`);
}

/** Every text within has a UTF-8 form: a table takes no half character. Names of fields count. */
export function checkWellFormed(value: unknown, what: string): void {
  promise(isWellFormed(value), `${what} is well-formed Unicode`);
}

/** A half character is the only thing that JSON writes as an escape of `d800` to `dfff`. */
function isWellFormed(value: unknown): boolean {
  return !/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify(value));
}
