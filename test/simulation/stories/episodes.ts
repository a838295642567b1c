/** What happens in a story, an episode at a time: each is some hour of a team's life. */
import type { StoryEvent } from '../story.ts';
import type { Draw } from './draw.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The names are few: the same alarm fires again, over a row that knows it. */
const ALARMS = [
  'checkout-errors',
  'checkout-latency',
  'search-lag',
  'search-errors',
  'batch-late',
  'disk-full',
];
const EXPLAINED = ['app-1', 'app-2', 'app-3'];
export const SENDERS = ['grafana', 'sensu'];
const KEYS = ['api', 'cache', 'disk', 'mail'];
const CLASSES = ['page', 'ticket', 'report'];
const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;

/** Alerts of a storm: from some sixty on, more than one message can list. */
const STORM = [60, 75] as const;
/** From a hundred on, more than one turn can settle. */
const LARGE_STORM = [105, 120] as const;
const BY_HAND = 'cli:operator';

type Event<K extends StoryEvent['kind']> = Extract<StoryEvent, { kind: K }>;

/** What an episode is told with. */
export type Stage = {
  draw: Draw;
  /** when it begins */
  at: number;
  /** epoch milliseconds of the story's beginning */
  startMs: number;
  /** whoever may be on call in the story */
  responders: readonly string[];
};

export type EpisodeKind = keyof typeof EPISODES;

/** So long somebody is busy with an alert: around the moments of the levels, before them, long after. */
function lastsMs({ draw }: Stage): number {
  const span = draw.weighted({ short: 3, atLevel2: 3, atLevel3: 2, hour: 2, long: 0.4 });
  const spans = { short: [0.2, 12], atLevel2: [14, 17], atLevel3: [20, 33], hour: [45, 75], long: [90, 200] };
  const [least, most] = spans[span] as [number, number];
  return Math.round(draw.between(least, most) * MINUTE_MS);
}

const alarm = (at: number, name: string, state: Event<'alarm'>['state'], suppressed = false): StoryEvent => ({
  at,
  kind: 'alarm',
  alarm: name,
  state,
  ...(suppressed && { suppressed }),
});

/** Some alarms fire, and recover one by one. */
function single(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  return draw.several(ALARMS, draw.whole(1, 4)).flatMap((name) => {
    const firesAt = at + draw.whole(0, 600) * SECOND_MS;
    return [alarm(firesAt, name, 'ALARM'), alarm(firesAt + lastsMs(stage), name, 'OK')];
  });
}

/** More at one moment than a contact gets one by one: they wait for one another. */
function burst(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  return draw.several(ALARMS, draw.whole(2, 5)).flatMap((name) => {
    const firesAt = at + draw.whole(0, 20) * SECOND_MS;
    return [alarm(firesAt, name, 'ALARM'), alarm(firesAt + lastsMs(stage), name, 'OK')];
  });
}

/** For hours an alarm fires, and an operator pages the next level before its moment. */
function drawnOut({ draw, at }: Stage): StoryEvent[] {
  const name = draw.one(ALARMS);
  const byHand = Array.from({ length: draw.whole(1, 2) }, (): StoryEvent => {
    const when = at + draw.whole(60, 5_000) * SECOND_MS;
    return { at: when, kind: 'command', command: { command: 'escalate' }, alert: name };
  });
  return [
    alarm(at, name, 'ALARM'),
    ...byHand,
    alarm(at + Math.round(draw.between(2.5, 4) * HOUR_MS), name, 'OK'),
  ];
}

/** On and off, and on again. */
function flap({ draw, at }: Stage): StoryEvent[] {
  const name = draw.one(ALARMS);
  let now = at;
  const events: StoryEvent[] = [];
  for (let times = draw.whole(3, 7); times > 0; times--) {
    events.push(alarm(now, name, 'ALARM'));
    now += draw.whole(5, 480) * SECOND_MS;
    events.push(alarm(now, name, 'OK'));
    now += draw.whole(5, 290) * SECOND_MS;
  }
  return events;
}

/** It fires again around the end of its quiet time, the last instant included. */
function again({ draw, at }: Stage): StoryEvent[] {
  const name = draw.one(ALARMS);
  const okAt = at + draw.whole(1, 20) * MINUTE_MS;
  const quietMs = draw.one([5, 5, 10]) * MINUTE_MS + draw.one([-20_000, -1, 0, 1, 1_000, 20_000]);
  return [
    alarm(at, name, 'ALARM'),
    alarm(okAt, name, 'OK'),
    alarm(okAt + quietMs, name, 'ALARM'),
    alarm(okAt + quietMs + draw.whole(30, 1_500) * SECOND_MS, name, 'OK'),
  ];
}

/** An OK before its ALARM, no data, an alarm that is deleted while it fires. */
function late(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  const name = draw.one(ALARMS);
  const goneAt = at + lastsMs(stage);
  switch (draw.one(['ok first', 'no data', 'deleted', 'quick'])) {
    case 'ok first':
      return [
        alarm(at, name, 'OK'),
        alarm(at + draw.whole(0, 90) * SECOND_MS, name, 'ALARM'),
        alarm(goneAt, name, 'OK'),
      ];
    case 'no data': {
      const noneAt = at + draw.whole(1, 20) * MINUTE_MS;
      return [
        alarm(at, name, 'ALARM'),
        alarm(noneAt, name, 'INSUFFICIENT_DATA'),
        alarm(noneAt + draw.whole(1, 15) * MINUTE_MS, name, draw.one(['ALARM', 'OK'])),
        alarm(Math.max(goneAt, noneAt + 16 * MINUTE_MS), name, 'OK'),
      ];
    }
    case 'deleted':
      return [alarm(at, name, 'ALARM'), { at: goneAt, kind: 'alarm-deleted', alarm: name }];
    default:
      return [
        alarm(at, name, 'ALARM'),
        alarm(at + draw.whole(0, 3), name, 'OK'),
        alarm(at + draw.whole(3, 2_000), name, 'ALARM'),
        alarm(at + draw.whole(2_000, 30_000), name, 'OK'),
      ];
  }
}

/** A sender opens alerts, says so again, acknowledges one itself, resolves them. */
function senders(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  const sender = draw.one(SENDERS);
  return draw.several(KEYS, draw.whole(1, 3)).flatMap((key) => {
    const severity = draw.one(SEVERITIES);
    const about = { kind: 'event', sender, key } as const;
    const trigger = { ...about, action: 'trigger', severity, class: draw.one(CLASSES) } as const;
    const firesAt = at + draw.whole(0, 300) * SECOND_MS;
    const goneAt = firesAt + lastsMs(stage);
    const repeats = Array.from({ length: draw.one([0, 0, 1, 3]) }, () => ({
      ...trigger,
      at: draw.whole(firesAt, goneAt - 1),
    }));
    const acknowledges = draw.chance(0.3)
      ? [{ ...about, action: 'acknowledge' as const, at: draw.whole(firesAt, goneAt - 1) }]
      : [];
    return [
      { ...trigger, at: firesAt },
      ...repeats,
      ...acknowledges,
      { ...about, action: 'resolve' as const, at: goneAt },
    ];
  });
}

/** A warning becomes critical, acknowledged or not. */
function rise(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  const about = { kind: 'event', sender: draw.one(SENDERS), key: draw.one(KEYS) } as const;
  const risesAt = at + draw.whole(20, 2_700) * SECOND_MS;
  return [
    { ...about, at, action: 'trigger', severity: draw.one(['warning', 'info']), class: 'ticket' },
    { ...about, at: risesAt, action: 'trigger', severity: 'critical', class: 'page' },
    { ...about, at: risesAt + lastsMs(stage), action: 'resolve' },
  ];
}

/** The alarm's actions are suppressed, from the beginning or in the middle. */
function muted(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  const name = draw.one(ALARMS);
  const fromStart = draw.chance(0.6);
  const loudAt = at + draw.whole(2, 40) * MINUTE_MS;
  const okAt = loudAt + lastsMs(stage);
  return [
    alarm(at, name, 'ALARM', fromStart),
    ...(fromStart ? [] : [alarm(at + draw.whole(30, 110) * SECOND_MS, name, 'ALARM', true)]),
    alarm(loudAt, name, 'ALARM'),
    alarm(okAt, name, 'OK'),
  ];
}

/** A window or a silence by hand, begun or planned while an alert escalates; or a snooze. */
function hold(stage: Stage): StoryEvent[] {
  const { draw, at, startMs } = stage;
  const name = draw.one(ALARMS);
  const others = draw.one([single, burst])(stage);
  const holdsAt = at + draw.one([draw.whole(-300, 1_900), draw.whole(5, 60)]) * SECOND_MS;
  const minutes = draw.whole(3, 45);
  const match = draw.one([{}, {}, { labels: { alarmName: name } }, { severity: 'critical' }]);
  const planned = draw.chance(0.4) ? { from: startMs + holdsAt + draw.whole(1, 20) * MINUTE_MS } : {};
  const window = { command: 'window-start', hold: draw.one(['maintenance', 'silenced']), match, minutes };
  const snooze = { command: 'snooze', minutes: draw.whole(2, 40), reason: 'the vendor is on it' };
  const byHand: StoryEvent = draw.chance(0.65)
    ? { at: holdsAt, kind: 'command', command: { ...window, ...planned, reason: 'works', by: BY_HAND } }
    : { at: Math.max(holdsAt, at + SECOND_MS), kind: 'command', command: snooze, alert: name };
  const okAt = at + draw.one([lastsMs(stage), holdsAt - at + minutes * MINUTE_MS + lastsMs(stage)]);
  return [...others, alarm(at, name, 'ALARM'), byHand, alarm(Math.max(okAt, at + SECOND_MS), name, 'OK')];
}

/** One alarm explains others, that came before it or come after. */
function explained(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  const causeEndsAt = at + lastsMs(stage);
  const others = draw.several(EXPLAINED, draw.whole(1, 3)).flatMap((name) => {
    const firesAt = at + draw.whole(-240, 600) * SECOND_MS;
    return [
      alarm(firesAt, name, 'ALARM'),
      alarm(Math.max(firesAt, causeEndsAt + draw.whole(-600, 1_200) * SECOND_MS) + SECOND_MS, name, 'OK'),
    ];
  });
  return [alarm(at, 'db-down', 'ALARM'), ...others, alarm(causeEndsAt, 'db-down', 'OK')];
}

/** An operator opens an alert, and answers it and others by the command line. */
function byHand(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  const [key, name] = [draw.one(KEYS), draw.one(ALARMS)];
  const alert = { command: 'alert', key, title: `${key} looks wrong`, by: BY_HAND };
  const severity = draw.one(['critical', 'warning']);
  const goneAt = at + lastsMs(stage);
  const answers = Array.from({ length: draw.whole(1, 4) }, (): StoryEvent => {
    const command = draw.weighted({ acknowledge: 4, escalate: 3, resolve: 1, snooze: 1 });
    const minutes = command === 'snooze' ? { minutes: draw.whole(1, 30), reason: 'later' } : {};
    const when = draw.whole(at + SECOND_MS, Math.max(goneAt, at + 10 * MINUTE_MS));
    return {
      at: when,
      kind: 'command',
      command: { command, ...minutes },
      alert: draw.one([`cli/${key}`, name]),
    };
  });
  return [
    { at, kind: 'command', command: { ...alert, severity } },
    alarm(at + draw.whole(0, 300) * SECOND_MS, name, 'ALARM'),
    ...answers,
    alarm(Math.max(goneAt, at + 301 * SECOND_MS), name, 'OK'),
    {
      at: Math.max(goneAt, at + 11 * MINUTE_MS),
      kind: 'command',
      command: { ...alert, severity, resolved: true },
    },
  ];
}

/** Some, or all, cannot be reached while alarms fire. */
function unreachable(stage: Stage): StoryEvent[] {
  const { draw, at, responders } = stage;
  const forMs = draw.whole(10, 100) * MINUTE_MS;
  const who = draw.several(responders, draw.chance(0.3) ? responders.length : draw.whole(1, 2));
  const ways = who.flatMap((responder): StoryEvent[] => {
    const from = at + draw.whole(-600, 300) * SECOND_MS;
    const about = { at: from, responder, forMs };
    return draw.several<StoryEvent>(
      [
        { ...about, kind: 'opted-out' },
        { ...about, kind: 'unsubscribed' },
        { ...about, kind: 'lost', channel: draw.one(['sms', 'email']) },
      ],
      who.length > 2 ? 3 : draw.whole(1, 2),
    );
  });
  return [...ways, ...single(stage)];
}

/** Very many at once, and one by one they are over. */
function storm({ draw, at }: Stage, [least, most]: readonly [number, number] = STORM): StoryEvent[] {
  const size = draw.whole(least, most);
  const withinMs = draw.whole(5, 150) * SECOND_MS;
  const endsMs = draw.whole(6, 40) * MINUTE_MS;
  const fromSender = draw.chance(0.3);
  return Array.from({ length: size }, (_, n): StoryEvent[] => {
    const firesAt = at + Math.round(draw.between(0, withinMs));
    const goneAt = at + withinMs + Math.round(draw.between(0, endsMs));
    if (!fromSender) return [alarm(firesAt, `node-${n}`, 'ALARM'), alarm(goneAt, `node-${n}`, 'OK')];
    const about = { kind: 'event', sender: 'grafana', key: `shard-${n}` } as const;
    return [
      { ...about, at: firesAt, action: 'trigger', severity: 'critical', class: 'page' },
      { ...about, at: goneAt, action: 'resolve' },
    ];
  }).flat();
}

/** What nobody can read lies between what is read. */
function malformed(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  const bodies = [
    ' ',
    `{"at":${at}`,
    'null',
    `[${at}]`,
    `"at ${at}"`,
    `{"source":"aws.cloudwatch","time":${at}}`,
    `{"tocsin":{"signal":{"at":${at}}}}`,
  ];
  const bad = draw
    .several(bodies, draw.whole(1, 3))
    .map((body): StoryEvent => ({ at: at + draw.whole(0, 60) * SECOND_MS, kind: 'malformed', body }));
  return [...bad, ...single(stage)];
}

export const EPISODES = {
  single,
  burst,
  drawnOut,
  flap,
  again,
  late,
  senders,
  rise,
  muted,
  hold,
  explained,
  byHand,
  unreachable,
  storm,
  largeStorm: (stage: Stage) => storm(stage, LARGE_STORM),
  malformed,
} satisfies Record<string, (stage: Stage) => StoryEvent[]>;
