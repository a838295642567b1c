/** A story at given minutes in the virtual world: the real template, the real bundles, and what people received. */
import { join } from 'node:path';
import { inject as provided } from 'vitest';
import { readLives, toPlain } from '../../cli/replay/read-table.ts';
import type { Life } from '../../cli/replay/replay-event.ts';
import { readAlert } from '../../functions/alerts/alert.store.ts';
import type { Alert } from '../../functions/alerts/alert.ts';
import { isActive } from '../../functions/alerts/alert-draft.ts';
import type { CommandAnswer } from '../../functions/console/operate.ts';
import { readKey } from '../../functions/shared/table.ts';
import type { AlarmChange } from '../../local/aws/alarms.ts';
import type { DeliveredMessage } from '../../local/aws/topics.ts';
import { type MemoryTable, memoryTable } from '../../local/dynamodb/memory-table.ts';
import type { HttpResponse } from '../../local/functions/http.ts';
import { createVirtualWorld, type VirtualWorldOptions } from '../../local/virtual-world.ts';
import { readMessage } from './received.ts';
import { type ScenarioTeam, scenarioTeams } from './scenario-teams.ts';

export const MINUTE_MS = 60_000;

/** 2026-03-02T03:00:00Z, a Monday night: minute 0 of every story. */
export const START_MS = Date.UTC(2026, 2, 2, 3, 0, 0);

export const TABLE = 'tocsin-state';

export type Answer = 'acknowledge' | 'resolve' | 'escalate';

export type ScenarioOptions = Pick<
  VirtualWorldOptions,
  'edit' | 'inject' | 'everyTick' | 'tables' | 'ownAlarms' | 'disturb' | 'external'
> & {
  /** @default 'fourLevels' */
  team?: ScenarioTeam;
  /** @default the team's, as synthesised */
  assembly?: string;
  /** the minute at which this world begins */
  from?: number;
};

export type Scenario = Awaited<ReturnType<typeof scenario>>;

export function assemblyOf(team: ScenarioTeam): string {
  return join(provided('assemblies'), team);
}

/** Opens a world at minute 0. What is told of a minute happens when the story is run to it. */
export async function scenario(options: ScenarioOptions = {}) {
  const { team = 'fourLevels', assembly = assemblyOf(team), from = 0, ...rest } = options;
  const tables = rest.tables ?? memoryTable();
  const world = await createVirtualWorld({
    random: () => 0.5,
    ...rest,
    tables,
    assembly,
    startMs: atMinute(from),
  });

  /** Does something at that minute, before whatever is due then. */
  function at<T>(minute: number, act: () => T | Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      world.at(atMinute(minute), () => Promise.resolve().then(act).then(resolve, reject));
    });
  }

  const alarm = (minute: number, alarmName: string, change: Partial<AlarmChange> = {}): void => {
    const reason = 'Threshold Crossed';
    void at(minute, () => world.putAlarmState({ alarmName, state: 'ALARM', reason, ...change }));
  };

  /** The latest message that somebody received on a channel: `ben sms`. */
  const latest = (receiver: string): DeliveredMessage => {
    const [name, channel] = receiver.split(' ');
    const person = scenarioTeams.fourLevels.responders[name!];
    const found = world.messages.findLast(
      (message) => message.channel === channel && [person?.phone, person?.email].includes(message.to),
    );
    if (!found) throw new Error(`${receiver} has received nothing by minute ${minuteOf(world.nowMs())}`);
    return found;
  };

  /** Presses a button, and follows to the page that the answer leads to, as a browser does. */
  const post = async (path: string, action: string): Promise<HttpResponse> => {
    const answer = await world.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `action=${encodeURIComponent(action)}`,
    });
    const [next] = answer.headers.location?.split('#') ?? [];
    return answer.status === 303 && next ? world.request({ method: 'GET', path: next }) : answer;
  };

  return {
    world,
    tables,
    at,
    alarm,
    ok: (minute: number, alarmName: string, change: Partial<AlarmChange> = {}) =>
      alarm(minute, alarmName, { state: 'OK', ...change }),
    /** Puts the text into the intake queue as it is. */
    signal(minute: number, body: unknown): void {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      void at(minute, () => void world.queue('tocsin-intake').send(text));
    },
    /** The path of the link in the latest message that `ben sms` received. */
    link: (receiver: string): string => readMessage(latest(receiver)).path,
    open: (path: string): Promise<HttpResponse> => world.request({ method: 'GET', path }),
    post,
    /** Presses a button behind the link of the latest message that `ben sms` has received by then. */
    press: (minute: number, answer: Answer, receiver: string): Promise<HttpResponse> =>
      at(minute, () => post(readMessage(latest(receiver)).path, answer)),
    /** Sends the operator's command. */
    operate: (minute: number, command: Record<string, unknown>): Promise<CommandAnswer> =>
      at(minute, async () => {
        const invocation = await world.invoke('tocsin-operate', command);
        if (invocation.kind === 'failed') throw new Error(invocation.errorMessage);
        return invocation.payload as CommandAnswer;
      }),
    runTo: (minute: number): Promise<void> => world.advanceTo(atMinute(minute)),
    /** What people received from that minute on, in order: `15 level 2 ben email sms`. */
    pages: (from = 0): string[] =>
      describeReceived(world.messages.filter(({ at, delivered }) => delivered && at >= atMinute(from))),
    /** Every alert's life, those that have ended included, with its timeline. */
    lives: (): Life[] => readLives(tables.items(TABLE)),
    /** The one alert of the story. */
    life(): Life {
      const [only, ...others] = readLives(tables.items(TABLE));
      if (!only || others.length > 0) throw new Error(`there are ${others.length + (only ? 1 : 0)} lives`);
      return only;
    },
    /** `15 page.sent ben sms`: the facts of the one alert. */
    timeline(): string[] {
      return this.life().timeline.map(({ at, event, responder, channel, by, reason }) =>
        [minuteOf(at), event, responder, channel, by, reason && `(${reason})`]
          .filter((x) => x !== undefined)
          .join(' '),
      );
    },
    /** What should be over by now and is not: overdue rows, messages that are not taken, pages on their way. */
    unfinished: (): string[] => [
      ...tables
        .items(TABLE)
        .map(toPlain)
        .filter(({ dueAt, sk }) => Number(dueAt) <= world.nowMs() || String(sk).startsWith('waiting#'))
        .map(({ pk, sk, dueAt }) => `${pk} ${sk} ${dueAt === undefined ? '' : minuteOf(Number(dueAt))}`),
      ...['tocsin-intake', 'tocsin-due'].flatMap((name) =>
        world
          .queue(name)
          .messages()
          .filter(({ state }) => state !== 'delayed')
          .map(({ body, state }) => `${name}: ${state} ${body}`),
      ),
      ...currentAlerts(tables).flatMap((alert) =>
        alert.pages.filter(isActive).map(({ id, status }) => `page ${id} of ${alert.dedupKey} is ${status}`),
      ),
    ],
    /** Log lines of what functions could not do. */
    failures: (): string[] =>
      world.logs
        .map(({ line }) => line)
        .filter((line) => /^ERROR |"level":"(WARN|ERROR|CRITICAL)"/.test(line)),
    deadLetters: (queue: 'tocsin-intake' | 'tocsin-due') =>
      world
        .queue(`${queue}-dead-letters`)
        .messages()
        .map(({ body, attributes }) => ({
          body,
          reason: attributes.reason?.StringValue,
        })),
  };
}

/** Each alert's item, as it stands now. */
export function currentAlerts(tables: MemoryTable): Alert[] {
  return tables
    .items(TABLE)
    .map(toPlain)
    .filter(({ pk, sk }) => readKey({ pk: String(pk), sk: String(sk) }).kind === 'alert')
    .map(readAlert);
}

export function atMinute(minute: number): number {
  return START_MS + minute * MINUTE_MS;
}

/** To the second; fractions of a minute are shown in decimals. */
export function minuteOf(atMs: number): number {
  return Math.round(((atMs - START_MS) / MINUTE_MS) * 100) / 100;
}

/** One line per moment, person and kind; what several functions do at one moment has no order. */
function describeReceived(messages: readonly DeliveredMessage[]): string[] {
  const lines = new Map<string, string[]>();
  for (const message of [...messages].sort((a, b) => a.at - b.at || (a.to < b.to ? -1 : 1))) {
    const line = `${minuteOf(message.at)} ${readMessage(message).what}`;
    lines.set(line, [...(lines.get(line) ?? []), message.channel].sort());
  }
  return [...lines].map(([line, channels]) => `${line} ${channels.join(' ')}`);
}
