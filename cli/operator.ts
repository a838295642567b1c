/** The operator: asks the function `operate`, and gets the answer that belongs to the question or says why not. */
import { userInfo } from 'node:os';
import type { Command, CommandAnswer } from '../functions/console/commands.ts';
import { OpsError } from '../functions/shared/errors.ts';
import { COUNT_MOST } from '../functions/shared/table.ts';

/** An alert's id has this many characters; whoever types them all needs no list. */
export const ID_CHARS = 16;

/** Of the alerts that an id begins; who reads them types one character more. */
const NAMED_MOST = 8;

/** Of a window or a key, which is ended or revoked at once. */
const BEGINNING_CHARS_LEAST = 4;

type Ok = Extract<CommandAnswer, { kind: 'ok' }>;

/** The answer that has this key. */
export type AnswerWith<K extends string> = Extract<Ok, { [key in K]: unknown }>;

export type Operator = {
  /** @throws OpsError of the answer's kind when it is refused */
  ask<K extends string>(command: Command, key: K): Promise<AnswerWith<K>>;
  /** The whole id of an abbreviated one. */
  resolveId(prefix: string): Promise<string>;
};

/** @param send  carries a command there, and its answer back */
export function operatorOver(send: (command: Command) => Promise<unknown>): Operator {
  const operator: Operator = {
    async ask<K extends string>(command: Command, key: K) {
      const answer = (await send(command)) as CommandAnswer;
      if (answer.kind !== 'ok') throw new OpsError(answer.kind, answer.message);
      if (!(key in answer)) throw new OpsError('bug', `the answer to ${command.command} has no ${key}`);
      return answer as AnswerWith<K>;
    },
    async resolveId(prefix) {
      if (prefix === '') throw new OpsError('rejected', 'the id is empty; list them with: tocsin alerts');
      if (prefix.length >= ID_CHARS) return prefix;
      const { ids, isAll } = await operator.ask({ command: 'find', prefix }, 'ids');
      if (ids.length === 1) return ids[0]!;
      if (ids.length > 1) {
        const named = ids.slice(0, NAMED_MOST).join(', ');
        const rest = ids.length > NAMED_MOST ? ' …' : '';
        throw new OpsError('rejected', `${prefix} is the beginning of ${ids.length} alerts: ${named}${rest}`);
      }
      const among = isAll
        ? `no alert begins with ${prefix};`
        : `none of the latest ${COUNT_MOST.toLocaleString('en')} begins with ${prefix}; give the whole id, or`;
      throw new OpsError('not-found', `${among} list them with: tocsin alerts --all`);
    },
  };
  return operator;
}

/**
 * The whole id that begins so.
 * @param ids      that there are
 * @param listing  the command that lists them
 * @throws OpsError that says what to do when it is not one
 */
export function completeId(typed: string, ids: readonly string[], listing: string): string {
  if (ids.includes(typed)) return typed;
  if (typed.length < BEGINNING_CHARS_LEAST) {
    const message = `${typed}: give at least ${BEGINNING_CHARS_LEAST} characters, or list them with: ${listing}`;
    throw new OpsError('rejected', message);
  }
  const found = ids.filter((id) => id.startsWith(typed));
  if (found.length === 0)
    throw new OpsError('not-found', `none begins with ${typed}; list them with: ${listing}`);
  if (found.length > 1)
    throw new OpsError('rejected', `${typed} is the beginning of ${found.join(', ')}: give more of it`);
  return found[0]!;
}

/** In whose name the command line acts. A container may run as a user without a name. */
export function operatorName(): string {
  try {
    return `cli:${userInfo().username}`.slice(0, 100);
  } catch {
    return 'cli:operator';
  }
}
