/** The running local world, as an operator reaches it: the function `operate`, through the standard Lambda API. */
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Alert, TimelineEntry } from '../functions/alerts/alert.ts';
import type { Answer } from '../functions/alerts/answer-alert.ts';
import type { Command, CommandAnswer } from '../functions/console/operate.ts';
import { loadOperations } from '../functions/operations/load-operations.ts';
import type { Operations } from '../functions/operations/operations.ts';
import { messageOf, OpsError } from '../functions/shared/errors.ts';

/** What a running world writes down of itself: its addresses, and every second the time that its clock tells. */
const WORLD_FILE = join('.tocsin', 'world.json');
const CLOCK_FILE = join('.tocsin', 'clock.json');

const OPERATE_FUNCTION = 'tocsin-operate';
const NOT_RUNNING = 'the local world is not running; start it with: npm start';

/** An alert's id has this many characters; whoever types them all needs no list. */
const ID_CHARS = 16;

export type Operator = {
  list(ended: boolean): Promise<Alert[]>;
  show(id: string): Promise<{ alert: Alert; timeline: TimelineEntry[] }>;
  answer(verb: Answer, id: string): Promise<{ outcome: string; alert: Alert }>;
  /** The whole id of an abbreviated one. */
  resolveId(prefix: string): Promise<string>;
};

export type RunningWorld = {
  operator: Operator;
  operations: Operations;
  /** in whose name it is answered */
  by: string;
  /** an accelerated world is ahead of the wall's clock */
  nowMs: number;
};

/** @throws OpsError `retry` when no world is running here */
export async function connectWorld(): Promise<RunningWorld> {
  const world = await readWorldFile();
  const client = new LambdaClient({
    endpoint: world.endpoint,
    region: 'eu-west-1',
    // Nobody's: the local world asks for none, and the machine's own must not travel.
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const by = `cli:${userName()}`;
  return {
    operator: operatorOver((command) => invoke(client, command), by),
    operations: loadOperations(pathToFileURL(world.operations)),
    by,
    nowMs: Math.max(Date.now(), await readSavedTime()),
  };
}

/** The operator's verbs over whatever carries a command there and back. */
export function operatorOver(send: (command: Command) => Promise<CommandAnswer>, by: string): Operator {
  const ask = async <K extends string>(command: Command, key: K) => {
    const answer = await send(command);
    if (answer.kind !== 'ok') throw new OpsError(answer.kind, answer.message);
    if (!(key in answer)) throw new OpsError('bug', `the answer to ${command.command} has no ${key}`);
    return answer as Extract<CommandAnswer, { [key in K]: unknown }>;
  };
  const operator: Operator = {
    list: async (ended) => (await ask({ command: 'list', ended }, 'alerts')).alerts,
    show: (id) => ask({ command: 'show', id }, 'timeline'),
    answer: (verb, id) => ask({ command: verb, id, by }, 'outcome'),
    async resolveId(prefix) {
      if (prefix === '') throw new OpsError('rejected', 'the id is empty; list them with: tocsin alerts');
      if (prefix.length >= ID_CHARS) return prefix;
      const alerts = [...(await operator.list(false)), ...(await operator.list(true))];
      const ids = [...new Set(alerts.map(({ id }) => id))].filter((id) => id.startsWith(prefix));
      if (ids.length === 1) return ids[0]!;
      if (ids.length === 0) {
        throw new OpsError(
          'not-found',
          `no alert begins with ${prefix}; list them with: tocsin alerts --all`,
        );
      }
      throw new OpsError('rejected', `${prefix} is the beginning of ${ids.length} alerts: ${ids.join(', ')}`);
    },
  };
  return operator;
}

/** `operations` is the operations.json that its functions read. */
async function readWorldFile(): Promise<{ endpoint: string; operations: string }> {
  let text: string;
  try {
    text = await readFile(WORLD_FILE, 'utf8');
  } catch (error) {
    throw new OpsError('retry', NOT_RUNNING, { cause: error });
  }
  try {
    const { endpoint, operations } = JSON.parse(text) as Record<string, unknown>;
    return { endpoint: new URL(String(endpoint)).href, operations: String(operations) };
  } catch (error) {
    throw new OpsError(
      'retry',
      `${WORLD_FILE} is damaged; stop the local world and start it again: npm start`,
      {
        cause: error,
      },
    );
  }
}

async function readSavedTime(): Promise<number> {
  try {
    return Number((JSON.parse(await readFile(CLOCK_FILE, 'utf8')) as { nowMs?: unknown }).nowMs) || 0;
  } catch {
    return 0;
  }
}

async function invoke(client: LambdaClient, command: Command): Promise<CommandAnswer> {
  const answer = await client
    .send(new InvokeCommand({ FunctionName: OPERATE_FUNCTION, Payload: JSON.stringify(command) }))
    .catch((error: unknown) => {
      const refused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
      throw refused ? new OpsError('retry', NOT_RUNNING, { cause: error }) : error;
    });
  const text = answer.Payload?.transformToString() ?? '';
  if (answer.FunctionError) throw new OpsError('bug', `the function ${OPERATE_FUNCTION} failed: ${text}`);
  try {
    return JSON.parse(text) as CommandAnswer;
  } catch (error) {
    throw new OpsError('bug', `${OPERATE_FUNCTION} answered no JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** A container may run as a user without a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
}
