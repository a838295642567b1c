/** Small runs for tests of the invariants: one alert's story told by the pure rules, as a run would have observed it. */
import type { Alert } from '../../../functions/alerts/alert.ts';
import type { Operations } from '../../../functions/operations/operations.ts';
import { type Publish as Outcome, START_MS, type Story, tell } from '../../support/story.ts';
import { fourLevels } from '../../support/teams.ts';
import type { Hit, Publish, Row, Run, SentSignal, Write } from '../run.ts';
import type { PlannedFault } from '../story.ts';

export { START_MS };

export const MINUTE_MS = 60_000;

/** The alarm of all stories. */
export const NAME = 'cpu';

export function minute(minutes: number): number {
  return START_MS + minutes * MINUTE_MS;
}

type Options = {
  operations?: Operations;
  /** @default 8 hours later */
  endMinute?: number;
  /** what becomes of a page; default: it is sent */
  publish?: Outcome;
};

/** What the story does, observed without a fault. Of a page that `failed` or `crash`ed SNS has nothing. */
export function aRun(happens: (story: Story) => void, options: Options = {}): Run {
  const { operations = fourLevels, endMinute = 8 * 60, publish = () => 'sent' } = options;
  const writes: Write[] = [];
  const publishes: Publish[] = [];
  const signals: SentSignal[] = [];
  const ended = new Map<number, Alert>();
  let current: Alert | undefined;
  let calls = 0;

  const onWrite = (alert: Alert, at: number) => {
    calls += 1;
    const row = rowOf(alert);
    const before = current && rowOf(current);
    writes.push({ at, n: calls, function: 'tocsin-page', pk: row.pk, sk: row.sk, before, after: row });
    current = alert;
    if (alert.status === 'resolved') ended.set(alert.openedAt, alert);
  };
  const story = tell(operations, {
    onWrite,
    // A muted alarm stays muted until it says so itself.
    reading: () => ({ state: 'alarm', suppressed: true }),
    publish: (page, at) => {
      const outcome = publish(page, at);
      calls += 1;
      if (outcome === 'undeliverable' || outcome === 'waiting') return outcome;
      const { id, openedAt } = current!;
      publishes.push({
        n: calls,
        at: minute(at),
        ...(outcome === 'sent' && { takenAt: minute(at) }),
        function: 'tocsin-page',
        requestId: `request-${calls}`,
        responder: page.responder,
        channel: page.channel,
        alerts: [{ id, openedAt }],
        isStorm: false,
        body: '',
      });
      return outcome;
    },
  });
  happens({
    ...story,
    signal: (at, state, more) => {
      if (state === 'ok' || state === 'alarm' || state === 'deleted')
        signals.push({ at: minute(at), name: NAME, state, saidAt: minute(at) });
      return story.signal(at, state, more);
    },
  });
  story.runTo(endMinute);

  const lives = [...ended.values(), ...(current && current.status !== 'resolved' ? [current] : [])].map(
    (alert) => ({
      alert,
      timeline: story.timeline.filter(({ openedAt }) => openedAt === alert.openedAt),
    }),
  );
  const copies = [...ended.values()].map((alert) => ({
    ...rowOf({ ...alert, pages: [], timeline: [] }),
    sk: `ended#${alert.openedAt}`,
    id: alert.id,
    openedAt: alert.openedAt,
  }));
  return {
    story: {
      seed: 0,
      days: 1,
      startMs: START_MS,
      team: 'fourLevels',
      events: [],
      faults: [],
      reactions: {},
    },
    startMs: START_MS,
    endMs: minute(endMinute),
    procedures: [{ fromMs: START_MS, soleFromMs: START_MS, operations }],
    signals,
    requests: [],
    answers: [],
    publishes,
    writes,
    hits: [],
    messages: [],
    lives,
    lists: {
      open: lives.filter(({ alert }) => alert.status !== 'resolved').map(({ alert }) => alert.id),
      ended: copies.map(({ id, openedAt }) => ({ id, openedAt })),
    },
    items: [...(current ? [rowOf(current)] : []), ...copies],
    deadLetters: [],
    queued: [],
    logs: [],
    handedOver: [],
    secrets: [],
    calls,
    callCounts: {},
    grantsUsed: [],
  };
}

/** As the table has it: most of the timeline has been copied out. */
function rowOf(alert: Alert): Row {
  const timeline = alert.timeline.slice(-20);
  return { ...structuredClone({ ...alert, timeline }), pk: `alert#${alert.id}`, sk: 'current' };
}

type CallFault = Extract<PlannedFault, { kind: 'call' }>;

/** A fault that met a call at that minute. */
export function hitAt(at: number, fault: CallFault['fault'], call: Partial<Hit['call'] & object> = {}): Hit {
  return {
    at: minute(at),
    fault: { at: at * MINUTE_MS, kind: 'call', fault, skip: 0, count: 1, forMs: MINUTE_MS },
    call: {
      n: 1,
      function: 'tocsin-page',
      requestId: 'request-1',
      service: 'dynamodb',
      action: 'PutItem',
      ...call,
    },
  };
}

/** The run with what each of its writes left in the table changed. */
export function withAlerts(run: Run, changed: (alert: Alert, write: Write) => Alert): Run {
  let before: Row | undefined;
  const writes = run.writes.map((write) => {
    const after = rowOf(changed(structuredClone(write.after) as unknown as Alert, write));
    const rewritten = { ...write, before, after };
    before = after;
    return rewritten;
  });
  return { ...run, writes };
}
