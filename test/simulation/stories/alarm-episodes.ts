/** Episodes of alarms: they fire, recover, flap, are muted, and come by the hundred. */
import type { StoryEvent } from '../story.ts';
import { ALARMS, alarm, HOUR_MS, lastsMs, MINUTE_MS, SECOND_MS, type Stage } from './stage.ts';

/** Alerts of a storm: from some sixty on, more than one message can list. */
const STORM = [60, 75] as const;
/** Alarms are evaluated so often: several change at one instant. */
const EVALUATED_MS = 10_000;
/** From a hundred on, more than one turn can settle. */
export const LARGE_STORM = [115, 130] as const;

/** Some alarms fire, and recover one by one. */
export function single(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  return draw.several(ALARMS, draw.whole(1, 4)).flatMap((name) => {
    const firesAt = at + draw.whole(0, 600) * SECOND_MS;
    return [alarm(firesAt, name, 'ALARM'), alarm(firesAt + lastsMs(stage), name, 'OK')];
  });
}

/** More at one moment than a contact gets one by one: they wait for one another. */
export function burst(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  return draw.several(ALARMS, draw.whole(2, 5)).flatMap((name) => {
    const firesAt = at + draw.whole(0, 20) * SECOND_MS;
    return [alarm(firesAt, name, 'ALARM'), alarm(firesAt + lastsMs(stage), name, 'OK')];
  });
}

/** Several at once, of which a later level is being paged when other procedures come, and maybe without those people. */
export function leaving(stage: Stage): StoryEvent[] {
  const { draw, at, deploysAt } = stage;
  const deployedAt = deploysAt.length > 0 ? draw.one(deploysAt) : at;
  const levelAt = deployedAt - draw.whole(1, 40) * SECOND_MS;
  const firesAt = Math.max(0, levelAt - draw.one([15, 30, 30, 60]) * MINUTE_MS);
  return draw
    .several(ALARMS, draw.whole(3, 5))
    .flatMap((name) => [
      alarm(firesAt + draw.whole(0, 5_000), name, 'ALARM'),
      alarm(levelAt + draw.whole(20, 75) * MINUTE_MS, name, 'OK'),
    ]);
}

/** Its metric stops, and comes back. */
export function noData(stage: Stage): StoryEvent[] {
  const { draw, at } = stage;
  const name = draw.one(ALARMS);
  const noneAt = at + draw.whole(30, 1_200) * SECOND_MS;
  const backAt = noneAt + draw.whole(1, 40) * MINUTE_MS;
  return [
    alarm(at, name, 'ALARM'),
    alarm(noneAt, name, 'INSUFFICIENT_DATA'),
    ...(draw.chance(0.5) ? [alarm(backAt, name, 'ALARM')] : []),
    alarm(backAt + lastsMs(stage), name, 'OK'),
  ];
}

/** For hours an alarm fires, and an operator pages the next level before its moment. */
export function drawnOut({ draw, at }: Stage): StoryEvent[] {
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
export function flap({ draw, at }: Stage): StoryEvent[] {
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
export function again({ draw, at }: Stage): StoryEvent[] {
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
export function late(stage: Stage): StoryEvent[] {
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

/** The alarm's actions are suppressed, from the beginning or in the middle. */
export function muted(stage: Stage): StoryEvent[] {
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

/** Very many at once, and one by one they are over. */
export function storm({ draw, at }: Stage, [least, most]: readonly [number, number] = STORM): StoryEvent[] {
  const size = draw.whole(least, most);
  const withinMs = draw.whole(5, 150) * SECOND_MS;
  const endsMs = draw.whole(6, 40) * MINUTE_MS;
  const fromSender = draw.chance(0.3);
  return Array.from({ length: size }, (_, n): StoryEvent[] => {
    const firesAt = at + Math.floor(draw.between(0, withinMs) / EVALUATED_MS) * EVALUATED_MS;
    const goneAt = at + withinMs + Math.round(draw.between(0, endsMs));
    if (!fromSender) return [alarm(firesAt, `node-${n}`, 'ALARM'), alarm(goneAt, `node-${n}`, 'OK')];
    const about = { kind: 'event', sender: 'grafana', key: `shard-${n}` } as const;
    return [
      { ...about, at: firesAt, action: 'trigger', severity: 'critical', class: 'page' },
      { ...about, at: goneAt, action: 'resolve' },
    ];
  }).flat();
}
