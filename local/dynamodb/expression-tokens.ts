/** The words of an expression, and a reader that goes through them once. */
import { invalid } from './refusal.ts';
import { isReserved } from './reserved-words.ts';

/** `#name` and plain names, `:value`, digits, operators. */
const TOKEN = /\s*(?:([#:]?[A-Za-z_]\w*|[#:]\d\w*)|(\d+)|(<>|<=|>=|[=<>()[\],.+-]))/y;
const KEYWORDS = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN']);

/** Names (`#…` stands for one that is given beside the expression) and list positions. */
export type Path = readonly (string | number)[];

export type TokenReader = {
  /** The next word, or undefined at the end. */
  peek(ahead?: number): string | undefined;
  /** Takes the next word if it is this one; keywords in any case. */
  accept(word: string): boolean;
  expect(word: string): void;
  isPath(): boolean;
  path(): Path;
  /** Takes a `:value`. */
  placeholder(): string;
  /** Takes whatever comes next. */
  take(): string;
  end(): void;
  fail(): never;
  /** what was read so far: placeholders, and paths */
  readonly names: Set<string>;
  readonly values: Set<string>;
  readonly paths: Path[];
};

/** @param what the parameter, for the message */
export function readTokens(text: string, what: string): TokenReader {
  const refuse = (message: string): never => {
    throw invalid(`Invalid ${what}: ${message}`);
  };
  if (text.trim() === '') refuse('The expression can not be empty;');
  const tokens = split(text) ?? refuse(`Syntax error; expression: ${text}`);
  let position = 0;
  const names = new Set<string>();
  const values = new Set<string>();
  const paths: Path[] = [];

  const peek = (ahead = 0) => tokens[position + ahead];
  const fail = (): never => refuse(`Syntax error; token: ${peek() ?? '<EOF>'}, expression: ${text}`);
  const accept = (word: string) => {
    if (peek()?.toUpperCase() !== word.toUpperCase()) return false;
    position += 1;
    return true;
  };
  const expect = (word: string) => {
    if (!accept(word)) fail();
  };
  const take = () => tokens[position++] ?? fail();

  const name = (): string => {
    const token = peek();
    if (token === undefined || !/^[#A-Za-z_]/.test(token) || KEYWORDS.has(token.toUpperCase())) return fail();
    if (token.startsWith('#')) names.add(token);
    else if (isReserved(token)) {
      refuse(`Attribute name is a reserved keyword; reserved keyword: ${token}`);
    }
    return take();
  };

  return {
    peek,
    accept,
    expect,
    take,
    fail,
    names,
    values,
    paths,
    isPath: () => /^[#A-Za-z_]/.test(peek() ?? ''),
    path() {
      const parts: (string | number)[] = [name()];
      for (;;) {
        if (accept('.')) parts.push(name());
        else if (accept('[')) {
          if (!/^\d+$/.test(peek() ?? '')) fail();
          parts.push(Number(take()));
          expect(']');
        } else {
          paths.push(parts);
          return parts;
        }
      }
    },
    placeholder() {
      if (!peek()?.startsWith(':')) fail();
      const token = take();
      values.add(token);
      return token;
    },
    end() {
      if (position < tokens.length) fail();
    },
  };
}

function split(text: string): string[] | undefined {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (!match) return undefined;
    tokens.push(match[0].trim());
  }
  return tokens;
}
