/** What a world has written where somebody may read it who must not act, and the secrets that must not be there. */
import { toPlain } from '../../cli/replay/read-table.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import type { HttpResponse } from '../../local/functions/http.ts';
import { type Scenario, TABLE } from '../support/scenario.ts';
import { fourLevels } from '../support/teams.ts';

/** `of`: what it is, for the message; never shown itself. */
export type Secret = { of: string; text: string };

/** `where` somebody finds the text: a log line, an error, an answer. */
export type Written = { where: string; text: string };

/** Every person's addresses, as operations.ts has them; a number also without its plus. */
export function addressesOf({ responders }: Pick<Operations, 'responders'> = fourLevels): Secret[] {
  return Object.entries(responders).flatMap(([name, { phone, email }]) => [
    ...(phone ? [{ of: `${name}'s phone`, text: phone.replace('+', '') }] : []),
    ...(email ? [{ of: `${name}'s email`, text: email }] : []),
  ]);
}

/** Each token that the world has sent: of links, and of AWS's confirmations. */
export function tokensOf({ world }: { world: { messages: readonly { body: string }[] } }): Secret[] {
  const found = world.messages.flatMap(({ body }) => [
    ...[...body.matchAll(/\/a\/([\w-]{22})/g)].map(([, text]) => ({ of: 'a link', text: text! })),
    ...[...body.matchAll(/[?&]Token=([\w-]+)/g)].map(([, text]) => ({ of: 'a confirmation', text: text! })),
  ]);
  return [...new Map(found.map((one) => [one.text, one])).values()];
}

/** The logs, with metrics and what functions threw; why letters are dead. */
export function logsOf(story: Scenario): Written[] {
  return [
    ...story.world.logs.map(({ function: name, line }) => ({ where: `the log of ${name}`, text: line })),
    ...(['tocsin-intake', 'tocsin-due'] as const).flatMap((queue) =>
      story
        .deadLetters(queue)
        .map(({ reason = '' }) => ({ where: `a dead letter of ${queue}`, text: reason })),
    ),
  ];
}

/** What lies in the table and in the queues. */
export function storedOf({ tables, world }: Scenario): Written[] {
  return [
    ...tables
      .items(TABLE)
      .map(toPlain)
      .map((item) => ({ where: `the row ${item.pk} ${item.sk}`, text: JSON.stringify(item) })),
    ...['tocsin-intake', 'tocsin-due'].flatMap((name) =>
      world
        .queue(name)
        .messages()
        .map(({ body }) => ({ where: `the queue ${name}`, text: body })),
    ),
  ];
}

export function answerOf(what: string, { status, body, headers }: HttpResponse): Written {
  return { where: `the answer ${status} to ${what}`, text: `${JSON.stringify(headers)} ${body}` };
}

/** @returns where a secret stands and whose it is, each once */
export function leaks(written: readonly Written[], secrets: readonly Secret[]): string[] {
  // Looked for in all of it at once: mostly there is none.
  const all = written.map(({ text }) => text).join('\n');
  const there = secrets.filter(({ text }) => isIn(all, text));
  const found = written.flatMap(({ where, text }) =>
    there
      .filter((secret) => isIn(text, secret.text))
      .map(({ of, text: secret }) => `${where} has ${of}: ${around(text, secret)}`),
  );
  return [...new Set(found)];
}

/** As it is, in a URL, or in a JSON text within a JSON text, which quotes nothing of it. */
function isIn(text: string, secret: string): boolean {
  return text.includes(secret) || text.includes(encodeURIComponent(secret));
}

function around(text: string, secret: string): string {
  const at = Math.max(text.indexOf(secret), 0);
  return `…${text.slice(Math.max(0, at - 60), at)}<here>`;
}
