/** The operator: asks the function `operate`, and gets the answer that belongs to the question or says why not. */
import { userInfo } from 'node:os';
import { type Command, type CommandAnswer, LIST_MOST } from '../functions/console/commands.ts';
import { OpsError } from '../functions/shared/errors.ts';

/** An alert's id has this many characters; whoever types them all needs no list. */
export const ID_CHARS = 16;

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
      const lists = await Promise.all(
        [false, true].map((ended) => operator.ask({ command: 'list', ended }, 'alerts')),
      );
      const ids = lists.flatMap(({ alerts }) => alerts.map(({ id }) => id));
      const found = [...new Set(ids)].filter((id) => id.startsWith(prefix));
      if (found.length === 1) return found[0]!;
      if (found.length > 1) {
        throw new OpsError(
          'rejected',
          `${prefix} is the beginning of ${found.length} alerts: ${found.join(', ')}`,
        );
      }
      const among = lists.some(({ alerts, total }) => total > alerts.length)
        ? `none of the latest ${LIST_MOST} alerts begins with ${prefix}; give the whole id, or`
        : `no alert begins with ${prefix};`;
      throw new OpsError('not-found', `${among} list them with: tocsin alerts --all`);
    },
  };
  return operator;
}

/** In whose name the command line acts. A container may run as a user without a name. */
export function operatorName(): string {
  try {
    return `cli:${userInfo().username}`.slice(0, 100);
  } catch {
    return 'cli:operator';
  }
}
