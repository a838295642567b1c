/** Episodes of senders, operators and people: who else makes an alert begin, end, wait or go unheard. */
import type { StoryEvent } from '../story.ts';
import { burst, single } from './alarm-episodes.ts';
import { ALARMS, alarm, lastsMs, MINUTE_MS, SECOND_MS, type Stage } from './stage.ts';

const EXPLAINED = ['app-1', 'app-2', 'app-3'];
export const SENDERS = ['grafana', 'sensu'];
const KEYS = ['api', 'cache', 'disk', 'mail'];
const CLASSES = ['page', 'ticket', 'report'];
const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
const BY_HAND = 'cli:operator';

/** A sender opens alerts, says so again, acknowledges one itself, resolves them. */
export function senders(stage: Stage): StoryEvent[] {
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
export function rise(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  const about = { kind: 'event', sender: draw.one(SENDERS), key: draw.one(KEYS) } as const;
  const risesAt = at + draw.whole(20, 2_700) * SECOND_MS;
  return [
    { ...about, at, action: 'trigger', severity: draw.one(['warning', 'info']), class: 'ticket' },
    { ...about, at: risesAt, action: 'trigger', severity: 'critical', class: 'page' },
    { ...about, at: risesAt + lastsMs(stage), action: 'resolve' },
  ];
}

/** A window or a silence by hand, begun or planned while an alert escalates; or a snooze. */
export function hold(stage: Stage): StoryEvent[] {
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

/** Works begin while several wait for one another in a contact's line; some still fire when they are over. */
export function heldInLine({ draw, at }: Stage): StoryEvent[] {
  const minutes = draw.whole(3, 20);
  const window = { command: 'window-start', hold: draw.one(['maintenance', 'silenced']), match: {}, minutes };
  const alarms = draw
    .several(ALARMS, draw.whole(3, 5))
    .flatMap((name) => [
      alarm(at + draw.whole(0, 3_000), name, 'ALARM'),
      alarm(at + (minutes + draw.whole(2, 60)) * MINUTE_MS, name, 'OK'),
    ]);
  return [
    ...alarms,
    {
      at: at + draw.whole(4, 50) * SECOND_MS,
      kind: 'command',
      command: { ...window, reason: 'works', by: BY_HAND },
    },
  ];
}

/** One alarm explains others, that came before it or come after. */
export function explained(stage: Stage): StoryEvent[] {
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
export function byHand(stage: Stage): StoryEvent[] {
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
export function unreachable(stage: Stage): StoryEvent[] {
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

/** What nobody can read lies between what is read. */
export function malformed(stage: Stage): StoryEvent[] {
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
