import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineOperations } from '../../functions/operations/define-operations.ts';
import { alertId, keys } from '../../functions/shared/table.ts';
import { synthesize } from '../../lib/synth-app.ts';
import type { Disturb } from '../../local/world-options.ts';
import { alarms } from '../support/own-alarms.ts';
import { minuteOf, type Scenario, scenario, TABLE } from '../support/scenario.ts';
import { fourLevels } from '../support/teams.ts';

const CPU = alertId('arn:aws:cloudwatch:eu-west-1:123456789012:alarm:cpu');
const HEARTBEAT_URL = 'https://heartbeat.example.com/a-secret';

/** Schedules that never come. */
const without = (...names: string[]): Disturb => ({
  schedule: (name) => (names.includes(name) ? [] : undefined),
});

function ownAlerts(story: Scenario): string[] {
  return story
    .lives()
    .filter(({ alert }) => alert.source.kind === 'tocsin')
    .map(({ alert }) => `${alert.status} ${alert.detail.title}`);
}

const audited = ({ world }: Scenario) =>
  world.logs
    .filter(({ function: name, line }) => name === 'tocsin-escalation-audit' && line.includes('"audited"'))
    .map(({ line }) => JSON.parse(line) as { looked: number; lagMs: number; hasBeaten: boolean });

describe('a day on which all is well', () => {
  it('is silent: an alert that nobody answers for two hours, one that is forgotten, one that flaps, and no alarm of ours', async () => {
    const story = await scenario({ ownAlarms: true });
    story.alarm(1, 'cpu');
    story.alarm(7, 'forgotten');
    void story.press(9, 'acknowledge', 'ana sms');
    for (const minute of [20, 26.5]) {
      story.alarm(minute, 'flapping');
      story.ok(minute + 2, 'flapping');
    }
    await story.runTo(121);
    expect(alarms(story)).toEqual([]);
    expect(ownAlerts(story)).toEqual([]);
    expect(story.failures()).toEqual([]);
    const audits = audited(story);
    expect(audits).toHaveLength(24);
    expect(audits.every(({ hasBeaten, lagMs }) => hasBeaten && lagMs === 0)).toBe(true);
    expect(Math.max(...audits.map(({ looked }) => looked))).toBeGreaterThanOrEqual(2);
  });
});

describe('while the tick is dead', () => {
  it('the second one pages level 2 after 15 min 5 s, and CloudWatch alone tells the watchers', async () => {
    const story = await scenario({ ownAlarms: true, disturb: without('tocsin-tick') });
    story.alarm(2, 'cpu');
    await story.runTo(20);
    expect(story.pages().filter((line) => line.includes('level'))).toEqual([
      '2 level 1 ana email sms',
      '17.08 level 2 ben email sms',
    ]);
    expect(alarms(story)).toEqual(['2 overdue', '3 tick-missing']);
  });
});

describe('while the second tick is dead', () => {
  it('everybody is paged in time, and the watchers are told that nobody stands in', async () => {
    const story = await scenario({ ownAlarms: true, disturb: without('tocsin-second-tick') });
    story.alarm(0, 'cpu');
    await story.runTo(20);
    expect(story.pages().filter((line) => line.includes('level 2'))).toEqual(['15 level 2 ben email sms']);
    expect(alarms(story)).toEqual(['15 second-tick-failing']);
  });
});

describe('while both ticks are dead', () => {
  it('the escalation audit finds the alert by itself, hands it over, and says how late it was', async () => {
    const story = await scenario({ ownAlarms: true, disturb: without('tocsin-tick', 'tocsin-second-tick') });
    story.alarm(2, 'cpu');
    await story.runTo(25.9);
    expect(story.pages().filter((line) => line.includes('level 2'))).toEqual(['20 level 2 ben email sms']);
    expect(alarms(story)).toEqual([
      '2 overdue',
      '3 tick-missing',
      '15 second-tick-failing',
      '25 escalation-late',
    ]);
    expect(ownAlerts(story)).toEqual([
      'triggered Escalation: 1 alert did not go on, and was handed over again',
    ]);
  });
});

describe('while the escalation audit is dead', () => {
  it('everybody is paged in time, and the watchers are told after 15 minutes', async () => {
    const story = await scenario({ ownAlarms: true, disturb: without('tocsin-escalation-audit') });
    story.alarm(0, 'cpu');
    await story.runTo(20);
    expect(story.pages().filter((line) => line.includes('level 2'))).toEqual(['15 level 2 ben email sms']);
    expect(alarms(story)).toEqual(['15 escalation-audit-missing']);
  });

  it('so too when it runs and may not read the alerts', async () => {
    const story = await scenario({
      ownAlarms: true,
      inject: ({ function: name, action }) =>
        name === 'tocsin-escalation-audit' && action === 'BatchGetItem'
          ? { kind: 'crash-before' }
          : undefined,
    });
    story.alarm(0, 'cpu');
    await story.runTo(20);
    expect(alarms(story)).toEqual(['15 escalation-audit-missing']);
  });
});

describe('while nobody takes from the due queue', () => {
  it('the ticks, the queue and the audit each tell, by ways that need no code of ours', async () => {
    const story = await scenario({
      ownAlarms: true,
      edit: ({ Resources }) => {
        for (const id of Object.keys(Resources).filter((one) => /^OpsPaging.*EventSource/.test(one)))
          delete Resources[id];
      },
    });
    story.alarm(0, 'cpu');
    await story.runTo(46);
    const told = alarms(story).map((line) => line.split(' ')[1]);
    expect(told).toEqual(
      expect.arrayContaining(['overdue', 'due-late', 'escalation-late', 'escalation-audit-missing']),
    );
    expect(told).not.toContain('tick-missing');
    expect(audited(story).at(-1)).toMatchObject({ hasBeaten: false });
  });
});

describe('while intake is dead', () => {
  it('its queue tells, and what the audit finds reaches the watchers by its metric', async () => {
    const story = await scenario({
      ownAlarms: true,
      disturb: without('tocsin-tick', 'tocsin-second-tick'),
      inject: ({ function: name, at }) =>
        name === 'tocsin-intake' && minuteOf(at) > 5 ? { kind: 'crash-before' } : undefined,
    });
    story.alarm(2, 'cpu');
    story.alarm(10, 'disk');
    await story.runTo(26);
    const told = alarms(story).map((line) => line.split(' ')[1]);
    expect(told).toEqual(expect.arrayContaining(['intake-failing', 'escalation-late']));
    expect(ownAlerts(story)).toEqual([]);
  });
});

describe('an alert that nothing would ever wake', () => {
  it('is armed by the audit after it: level 2 at 20 instead of never', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    void story.at(1, () => disarm(story));
    await story.runTo(40);
    expect(story.pages().filter((line) => /level [23]/.test(line))).toEqual([
      '15 level 2 ben email sms',
      '30 level 3 cleo email sms',
    ]);
    expect(ownAlerts(story)).toEqual([
      'resolved Escalation: 1 alert did not go on, and was handed over again',
    ]);
  });
});

describe('dead letters', () => {
  const letters = (story: Scenario) => story.deadLetters('tocsin-intake');

  it('10 within an hour are an alert of our own; what cannot be read stays, and is seen', async () => {
    const story = await scenario();
    for (let n = 0; n < 10; n++) story.signal(1 + n, { unreadable: n });
    await story.runTo(16);
    expect(letters(story)).toHaveLength(10);
    expect(ownAlerts(story)).toEqual(['triggered 10 messages could not be read within an hour']);
    await story.runTo(80);
    expect(letters(story)).toHaveLength(10);
    expect(ownAlerts(story)).toEqual(['resolved 10 messages could not be read within an hour']);
  });

  it('9 within an hour are none', async () => {
    const story = await scenario();
    for (let n = 0; n < 9; n++) story.signal(1 + n, { unreadable: n });
    await story.runTo(16);
    expect(letters(story)).toHaveLength(9);
    expect(ownAlerts(story)).toEqual([]);
  });

  it('that can be read by now go back: the alarm pages', async () => {
    const story = await scenario();
    const event = alarmEvent('cpu');
    void story.at(2, () => void story.world.queue('tocsin-intake-dead-letters').send(JSON.stringify(event)));
    await story.runTo(6);
    expect(letters(story)).toEqual([]);
    expect(story.pages()).toEqual(['5 level 1 ana email sms']);
  });

  it('that this very code gave up are not given to it again, and to newer code once', async () => {
    const story = await scenario();
    const version = story.world.functions.find(({ name }) => name === 'tocsin-intake')!.env.CODE_VERSION!;
    const put = (failedOn: string, name: string) =>
      void story.world.queue('tocsin-intake-dead-letters').send(JSON.stringify(alarmEvent(name)), {
        attributes: { failedOn: { DataType: 'String', StringValue: failedOn } },
      });
    void story.at(2, () => {
      put(version, 'same');
      put('older', 'other');
    });
    await story.runTo(31);
    expect(letters(story).map(({ body }) => JSON.parse(body).detail.alarmName)).toEqual(['same']);
    expect(story.lives().map(({ alert }) => alert.detail.title)).toEqual(['other']);
  });
});

describe('deploys and the heartbeat address', () => {
  let folder: string;
  const assembly = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-watchers-'));
    const { responders, levels } = fourLevels;
    const steps = [
      { level: 1, afterMinutes: 0 },
      { level: 2, afterMinutes: 15 },
    ];
    const routes = [{ match: {}, severity: 'warning' }] as const;
    const teams = {
      quiet: { escalation: { warning: { steps: [] } }, routes },
      loud: { escalation: { warning: { steps } }, routes },
      outside: { watchers: { heartbeatUrl: HEARTBEAT_URL } },
    };
    for (const [name, parts] of Object.entries(teams)) {
      const operations = defineOperations({ responders, levels, ...parts });
      await synthesize({ operations, outdir: assembly(name), nag: false });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('an alert that opened while its policy had no steps pages after the deploy that adds them', async () => {
    const story = await scenario({ assembly: assembly('quiet') });
    story.alarm(0, 'cpu');
    void story.at(61, () => story.world.deploy(assembly('loud'), story.world.nowMs()));
    await story.runTo(90);
    expect(story.pages().filter((line) => line.includes('level'))).toEqual([
      '65 level 1 ana email sms',
      // The audit says that it has found something.
      '66 level 1 ana email sms',
      '80 level 2 ben email sms',
    ]);
  });

  it('is called every five minutes while all goes on, and stays secret', async () => {
    const story = await scenario({ assembly: assembly('outside'), everyTick: true });
    story.alarm(1, 'cpu');
    await story.runTo(16);
    expect(story.world.external).toHaveLength(3);
    expect(story.world.external[0]).toMatchObject({ method: 'GET', url: HEARTBEAT_URL });
    expect(story.world.logs.filter(({ line }) => line.includes('a-secret'))).toEqual([]);
  });

  it('is not called while an alert cannot go on', async () => {
    const story = await scenario({ assembly: assembly('outside'), everyTick: true });
    story.alarm(1, 'cpu');
    void story.at(6, () => spoil(story));
    await story.runTo(16);
    expect(story.world.external.map(({ at }) => minuteOf(at))).toEqual([5]);
  });

  it('that does not answer delays nobody: it is logged, and after three times told', async () => {
    const story = await scenario({
      assembly: assembly('outside'),
      everyTick: true,
      external: () => undefined,
    });
    story.alarm(1, 'cpu');
    await story.runTo(17);
    expect(story.pages()[0]).toBe('1 level 1 ana email sms');
    expect(story.pages().filter((line) => line.includes('level 2'))).toEqual(['16 level 2 ben email sms']);
    expect(ownAlerts(story)).toEqual(['triggered The external heartbeat address does not answer']);
    const failures = story.failures();
    expect(failures.filter((line) => line.includes('TypeError ENOTFOUND'))).toHaveLength(3);
    expect(failures.filter((line) => line.includes('a-secret'))).toEqual([]);
  });
});

/** What no code of ours would do. */
function disarm({ tables }: Scenario): void {
  const answer = tables.handle('UpdateItem', {
    TableName: TABLE,
    Key: { pk: { S: keys.alert(CPU).pk }, sk: { S: 'current' } },
    UpdateExpression: 'REMOVE dueAt, dueShard',
    ConditionExpression: 'attribute_exists(dueAt)',
  });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

/** A row that no code can read. */
function spoil({ tables }: Scenario): void {
  const answer = tables.handle('UpdateItem', {
    TableName: TABLE,
    Key: { pk: { S: keys.alert(CPU).pk }, sk: { S: 'current' } },
    UpdateExpression: 'SET clock = :none',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':none': { S: 'none' } },
  });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

function alarmEvent(alarmName: string) {
  return {
    version: '0',
    id: `event-${alarmName}`,
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: '123456789012',
    time: '2026-03-02T03:01:00Z',
    region: 'eu-west-1',
    resources: [`arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${alarmName}`],
    detail: {
      alarmName,
      state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp: '2026-03-02T03:01:00.000+0000' },
      previousState: { value: 'OK', timestamp: '2026-03-02T02:00:00.000+0000' },
      configuration: { metrics: [] },
    },
  };
}
