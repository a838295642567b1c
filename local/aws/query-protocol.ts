/** AWS's query protocol, which SNS and STS speak: a form in, XML out. */
import type { HttpResponse } from '../functions/http.ts';
import type { Input } from './call.ts';

/** `A.entry.1.Name=x` → `{ A: { 1: { Name: 'x' } } }`; `Action` and `Version` are no input. */
export function readForm(form: URLSearchParams): Input {
  const input: Input = {};
  for (const [path, value] of form) {
    if (path === 'Action' || path === 'Version') continue;
    let at = input;
    const parts = path.split('.').filter((part) => part !== 'entry' && part !== 'member');
    for (const part of parts.slice(0, -1)) {
      at[part] ??= {};
      at = at[part] as Input;
    }
    at[parts.at(-1)!] = value;
  }
  return input;
}

/** `{ 1: { key: 'a', value: 'b' } }`, as a form gives a map, to `{ a: 'b' }`. */
export function readMap(entries: unknown): Record<string, string> {
  const pairs = Object.values((entries ?? {}) as Record<string, { key: string; value: string }>);
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}

export function readList(members: unknown): string[] {
  return Object.values((members ?? {}) as Record<string, string>);
}

/** @param namespace  of the service, such as `http://sns.amazonaws.com/doc/2010-03-31/` */
export function openQueryAnswers(action: string, namespace: string) {
  const xml = (status: number, body: string): HttpResponse => ({
    status,
    headers: { 'content-type': 'text/xml' },
    body,
  });
  return {
    answer: (output: unknown) =>
      xml(
        200,
        `<${action}Response xmlns="${namespace}"><${action}Result>${elements(output as Input)}</${action}Result><ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${action}Response>`,
      ),
    refuse: ({ code, message, status }: { code: string; message: string; status: number }) =>
      xml(
        status,
        `<ErrorResponse xmlns="${namespace}"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>${elements({ Code: code, Message: message })}</Error><RequestId>local</RequestId></ErrorResponse>`,
      ),
  };
}

/** A list is written as members, a Map as entries; what is undefined is left out. */
function elements(output: Input): string {
  return Object.entries(output)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${content(value)}</${name}>`)
    .join('');
}

function content(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => `<member>${content(one)}</member>`).join('');
  if (value instanceof Map) {
    return [...value].map(([key, one]) => `<entry>${elements({ key, value: one })}</entry>`).join('');
  }
  if (typeof value === 'object' && value !== null) return elements(value as Input);
  return escapeXml(String(value));
}

function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
