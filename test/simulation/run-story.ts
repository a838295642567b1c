/** Tells a story: the real bundles, wired from the synthesised template, in virtual time; and all that was observed of it. */
import { readLives, toPlain } from '../../cli/replay/read-table.ts';
import type { Alert } from '../../functions/alerts/alert.ts';
import type { CommandAnswer } from '../../functions/console/operate.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import { linkHash } from '../../functions/shared/table.ts';
import type { SdkCall } from '../../local/aws/gate.ts';
import { memoryTable } from '../../local/dynamodb/memory-table.ts';
import { createVirtualWorld } from '../../local/virtual-world.ts';
import { usedBy } from '../security/grants-used.ts';
import { addressesOf, tokensOf } from '../security/written.ts';
import { snsAlarm } from '../support/cloudwatch-events.ts';
import { randomOf } from '../support/random.ts';
import { injectFaults } from './inject-faults.ts';
import { mintedLinks, randomBytesOf } from './minted-links.ts';
import { asToday } from './newer-code.ts';
import { observedTable } from './observed-table.ts';
import { readLinks, readPublishes, whoHas } from './read-publishes.ts';
import type { GivenAnswer, Row, Run, SentSignal } from './run.ts';
import { nameOf } from './source-name.ts';
import type { Reaction, Story, StoryEvent } from './story.ts';
import { openSenders } from './tell-senders.ts';

/** Of each team in a story: its cloud assembly, and the procedures in it. */
export type Assemblies = Readonly<Record<string, { directory: string; operations: Operations }>>;

export const PREFIX = 'tocsin';
const TABLE = `${PREFIX}-state`;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** They have the signals topic among their actions, and are heard of by EventBridge as well. */
const ALSO_BY_TOPIC = ['checkout-errors', 'search-lag'];
const SNOOZE_MINUTES = '60';
const LIST_MOST = 200;

/** @throws Error when the story is not one that can be told: an unknown team or responder, a world that is not supported */
export async function runStory(story: Story, assemblies: Assemblies): Promise<Run> {
  const random = randomOf(story.seed);
  const bytes = randomBytesOf(story.seed ^ 0x5eed);
  const tables = memoryTable();
  let clock = () => story.startMs;
  let current: SdkCall | undefined;
  let armed = false;
  const faults = injectFaults(story, () => clock(), PREFIX);
  let writes: Run['writes'] = [];

  const assembly = (team: string) => {
    const found = assemblies[team];
    if (!found) throw new Error(`the story names the team ${team}; there are ${Object.keys(assemblies)}`);
    return found;
  };
  const world = await createVirtualWorld({
    assembly: assembly(story.team).directory,
    startMs: story.startMs,
    tables,
    random,
    randomBytes: bytes.draw,
    inject: (call) => (armed ? faults.inject(call) : undefined),
    disturb: faults.disturb,
    onPerform: (call) => {
      current = call;
    },
    engine: (standing) => {
      const observed = observedTable(standing, {
        nowMs: () => clock(),
        indexLagMs: faults.indexLagMs,
        onStaleRead: faults.onStaleRead,
        call: () => current,
      });
      writes = observed.writes;
      return observed.engine;
    },
  });
  clock = world.nowMs;

  const signals: SentSignal[] = [];
  const answers: GivenAnswer[] = [];
  const procedures: Run['procedures'][number][] = [
    { fromMs: story.startMs, soleFromMs: story.startMs, operations: assembly(story.team).operations },
  ];
  const standing = () => procedures.at(-1)!.operations;

  async function operate(command: object): Promise<CommandAnswer | undefined> {
    const invocation = await world.invoke(`${PREFIX}-operate`, command);
    return invocation.kind === 'failed' ? undefined : (invocation.payload as CommandAnswer);
  }

  const senders = await openSenders(story, world, operate);
  armed = true;

  /** The alerts' ids under a name, as the table has them now. */
  const idsOf = (name: string): string[] =>
    tables
      .items(TABLE)
      .filter(({ sk }) => sk?.S === 'current')
      .map((item) => toPlain(item) as unknown as Alert)
      .filter(({ source }) => source && nameOf(source) === name)
      .map(({ id }) => id);

  const states = new Map<string, string>();
  function tell(event: StoryEvent): void | Promise<void> {
    const nowMs = world.nowMs();
    switch (event.kind) {
      case 'alarm': {
        const { alarm, state, suppressed } = event;
        world.putAlarmState({
          alarmName: alarm,
          state,
          reason: 'Threshold Crossed',
          ...(suppressed && { suppressed: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:quiet' }),
        });
        // CloudWatch tells of changes alone.
        if (states.get(alarm) === state) return;
        states.set(alarm, state);
        const said = ({ ALARM: 'alarm', OK: 'ok', INSUFFICIENT_DATA: 'insufficient-data' } as const)[state];
        signals.push({ at: nowMs, name: alarm, state: said, saidAt: nowMs });
        // A muted alarm takes no actions.
        if (ALSO_BY_TOPIC.includes(alarm) && !suppressed)
          world.publish(`${PREFIX}-signals`, {
            body: JSON.stringify(snsAlarm({ ...world.place, alarmName: alarm, state, at: nowMs })),
          });
        return;
      }
      case 'alarm-deleted':
        if (!states.delete(event.alarm)) return;
        world.deleteAlarm(event.alarm);
        signals.push({ at: nowMs, name: event.alarm, state: 'deleted', saidAt: nowMs });
        return;
      case 'event':
        return senders.tell(event);
      case 'malformed':
        world.queue(`${PREFIX}-intake`).send(event.body);
        signals.push({ at: nowMs, name: 'nobody', state: 'malformed', saidAt: nowMs, body: event.body });
        return;
      case 'command':
        return command(event);
      case 'deploy': {
        const { directory, operations } = assembly(event.team);
        const soleFromMs = nowMs + event.overlapMs;
        world.deploy(directory, soleFromMs);
        procedures.push({ fromMs: nowMs, soleFromMs, operations });
        return;
      }
      case 'lost': {
        const address = addressOf(event.responder, event.channel);
        if (address === undefined) return;
        world.dropMessagesTo(address, 'injected: SNS has lost it');
        world.at(nowMs + event.forMs, () => world.deliverMessagesTo(address));
        return;
      }
      case 'opted-out': {
        const phone = addressOf(event.responder, 'sms');
        if (phone === undefined) return;
        const others = () => world.sms.state.optedOut.filter((one) => one !== phone);
        world.sms.change({ optedOut: [...others(), phone] });
        world.at(nowMs + event.forMs, () => world.sms.change({ optedOut: others() }));
        return;
      }
      case 'unsubscribed': {
        const topic = `arn:aws:sns:${world.place.region}:${world.place.account}:${PREFIX}-responder-${event.responder}`;
        world.subscriptions.put(topic, 'pending');
        world.at(nowMs + event.forMs, () => void world.subscriptions.put(topic, 'confirmed'));
        return;
      }
    }
  }

  function addressOf(responder: string, channel: 'sms' | 'email'): string | undefined {
    const person = standing().responders[responder];
    return channel === 'sms' ? person?.phone : person?.email;
  }

  async function command({ command, alert }: Extract<StoryEvent, { kind: 'command' }>): Promise<void> {
    const ids = alert === undefined ? [undefined] : idsOf(alert);
    for (const id of ids) {
      const pressedAt = world.nowMs();
      const answer = await operate({ by: 'cli:operator', ...command, ...(id && { id }) });
      answers.push({
        pressedAt,
        at: world.nowMs(),
        by: 'operator',
        action: String(command.command),
        alerts: id ? [id] : [],
        status: answer === undefined ? 0 : answer.kind === 'ok' ? 200 : 400,
      });
    }
  }

  const pressed: (Omit<GivenAnswer, 'alerts'> & { token: string })[] = [];
  const heard = new Map<string, number>();
  world.onMessage((message) => {
    const responder = whoHas(message, procedures);
    const path = /https?:\/\/\S+?(\/a\/[\w-]{22})/.exec(message.body)?.[1];
    if (!message.delivered || responder === undefined || path === undefined) return;
    const nth = heard.get(responder) ?? 0;
    heard.set(responder, nth + 1);
    const reaction = story.reactions[responder]?.[nth];
    if (!reaction) return;
    const moments = [
      reaction.afterMs,
      ...(reaction.againAfterMs === undefined ? [] : [reaction.afterMs + reaction.againAfterMs]),
    ];
    for (const ms of moments) world.at(world.nowMs() + ms, () => press(responder, path, reaction));
  });

  async function press(responder: string, path: string, { action }: Reaction): Promise<void> {
    const minutes = action === 'snooze' ? `&minutes=${SNOOZE_MINUTES}` : '';
    const request = { method: 'POST', path, headers: FORM, body: `action=${action}${minutes}` };
    const pressedAt = world.nowMs();
    const { status } = await world.request(request);
    const token = path.slice('/a/'.length);
    pressed.push({ pressedAt, at: world.nowMs(), by: responder, action, token, status });
  }

  for (const event of story.events) world.at(story.startMs + event.at, () => tell(event));
  const endMs = story.startMs + Math.round(story.days * 24 * 3_600_000);
  await world.advanceTo(endMs);

  const list = async (ended: boolean): Promise<Alert[]> => {
    const all: Alert[] = [];
    for (;;) {
      const answer = await operate({ command: 'list', ended, limit: LIST_MOST, skip: all.length });
      if (answer?.kind !== 'ok' || !('alerts' in answer))
        throw new Error(`the list failed: ${JSON.stringify(answer)}`);
      all.push(...answer.alerts);
      if (answer.alerts.length === 0 || all.length >= answer.total) return all;
    }
  };
  const lists = {
    open: (await list(false)).map(({ id }) => id),
    ended: (await list(true)).map(({ id, openedAt }) => ({ id, openedAt })),
  };
  const stored = tables.items(TABLE).map(asToday);
  const items = stored.map(toPlain) as Row[];
  const links = readLinks(items);
  const toldBy = (token: string) => {
    const { alerts = [], isStorm = false } = links.get(linkHash(token)) ?? {};
    return { alerts: alerts.map(({ id }) => id), isStorm };
  };
  const queue = (name: string) => world.queue(`${PREFIX}-${name}`).messages();

  return {
    story,
    startMs: story.startMs,
    endMs,
    procedures,
    signals: [...signals, ...senders.signals].sort((a, b) => a.at - b.at),
    requests: senders.requests,
    answers: [...answers, ...pressed.map(({ token, ...one }) => ({ ...one, ...toldBy(token) }))].sort(
      (a, b) => a.at - b.at,
    ),
    publishes: readPublishes(world.calls, items, procedures),
    writes,
    hits: faults.hits,
    messages: world.messages,
    lives: readLives(stored),
    lists,
    items,
    deadLetters: ['intake', 'due'].flatMap((name) =>
      queue(`${name}-dead-letters`).map(({ body, attributes }) => ({
        queue: name,
        body,
        reason: attributes.reason?.StringValue,
      })),
    ),
    queued: ['intake', 'due'].flatMap((name) =>
      queue(name)
        .filter(({ state }) => state !== 'delayed')
        .map(({ body }) => ({ queue: name, body })),
    ),
    logs: world.logs,
    handedOver: world.calls
      .filter(({ function: caller, service }) => caller && (service === 'sqs' || service === 'cloudwatch'))
      .map(({ function: caller, service, action, input }) => ({ function: caller, service, action, input })),
    secrets: [
      ...procedures.flatMap(({ operations }) => addressesOf(operations)),
      ...tokensOf({ world }),
      ...mintedLinks(bytes.tokens, world.calls),
      ...senders.secrets,
    ],
    calls: world.calls.length,
    callCounts: countCalls(world.calls),
    grantsUsed: [...usedBy(world.calls, world.functions)],
  };
}

function countCalls(calls: readonly SdkCall[]): Run['callCounts'] {
  const counts: Record<string, number> = {};
  for (const { function: caller, service, action } of calls) {
    if (caller === undefined) continue;
    const name = `${caller.slice(PREFIX.length + 1)} ${service} ${action}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
