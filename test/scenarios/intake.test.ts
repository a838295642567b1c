import { describe, expect, it } from 'vitest';
import {
  type AlarmStory,
  alarmEvent,
  configurationEvent,
  contributorEvent,
  snsAlarm,
  snsEnvelope,
} from '../support/cloudwatch-events.ts';
import { atMinute, currentAlerts, MINUTE_MS, START_MS, scenario } from '../support/scenario.ts';

const AT_ONCE = '0 level 1 ana email sms';

const minute = (n: number, state: AlarmStory['state'] = 'ALARM'): AlarmStory => ({ at: atMinute(n), state });

describe('a signal that comes twice', () => {
  it('as the same event opens one alert and pages once', async () => {
    const story = await scenario();
    story.signal(0, alarmEvent(minute(0)));
    story.signal(0, alarmEvent(minute(0)));
    story.signal(3, alarmEvent(minute(0)));
    await story.runTo(10);
    expect(story.pages()).toEqual([AT_ONCE]);
    expect(story.life().alert.triggers).toBe(1);
  });

  it('by EventBridge, by SNS and by SNS in its envelope opens one alert', async () => {
    const story = await scenario();
    story.signal(0, alarmEvent(minute(0)));
    void story.at(0, () => {
      story.world.publish('tocsin-signals', { body: JSON.stringify(snsAlarm(minute(0))) });
    });
    story.signal(1, snsEnvelope(snsAlarm(minute(0))));
    await story.runTo(10);
    expect(story.pages()).toEqual([AT_ONCE]);
    expect(story.life().alert.triggers).toBe(1);
  });

  it('through the rule on the default bus reaches intake as well', async () => {
    const story = await scenario();
    const { version: _version, ...event } = alarmEvent(minute(0));
    void story.at(0, () => story.world.putEvent(event));
    await story.runTo(1);
    expect(story.pages()).toEqual([AT_ONCE]);
  });
});

describe('signals out of order', () => {
  it('an OK before its ALARM: the late ALARM is stale and pages nobody', async () => {
    const story = await scenario();
    story.signal(5, alarmEvent(minute(4, 'OK')));
    story.signal(6, alarmEvent(minute(3)));
    await story.runTo(30);
    expect(story.pages()).toEqual([]);
    expect(story.lives()).toEqual([]);
    expect(currentAlerts(story.tables)).toMatchObject([{ openedAt: 0, lastSignalState: 'ok' }]);
  });

  it('an OK older than the ALARM does not recover the alert', async () => {
    const story = await scenario();
    story.signal(0, alarmEvent(minute(0)));
    story.signal(1, alarmEvent(minute(-1, 'OK')));
    await story.runTo(15);
    expect(story.pages()).toEqual([AT_ONCE, '15 level 2 ben email sms']);
  });

  it.each([
    ['ALARM first', ['ALARM', 'OK']],
    ['OK first', ['OK', 'ALARM']],
  ] as const)('ALARM and OK of one instant, %s: ALARM wins', async (_, states) => {
    const story = await scenario();
    for (const state of states) story.signal(0, alarmEvent(minute(0, state)));
    await story.runTo(15);
    expect(story.pages()).toEqual([AT_ONCE, '15 level 2 ben email sms']);
  });

  it('INSUFFICIENT_DATA keeps the state, of an open alert and of none', async () => {
    const story = await scenario();
    story.signal(0, alarmEvent(minute(0)));
    story.signal(2, alarmEvent(minute(2, 'INSUFFICIENT_DATA')));
    story.signal(2, alarmEvent({ ...minute(2, 'INSUFFICIENT_DATA'), alarmName: 'other' }));
    await story.runTo(15);
    expect(story.pages()).toEqual([AT_ONCE, '15 level 2 ben email sms']);
    expect(story.lives()).toHaveLength(1);
  });
});

describe('an alarm', () => {
  it('that is deleted resolves its alert at once, and says so', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    void story.at(3, () => story.world.deleteAlarm('cpu'));
    await story.runTo(20);
    expect(story.pages(1)).toEqual(['3 notice ana email']);
    expect(story.life().alert.resolution?.reason).toBe('the alarm was deleted');
  });

  it('that is changed without being deleted resolves nothing', async () => {
    const story = await scenario();
    story.signal(0, alarmEvent(minute(0)));
    story.signal(3, configurationEvent('update', minute(3)));
    await story.runTo(15);
    expect(story.pages(1)).toEqual(['15 level 2 ben email sms']);
  });

  it('of auto-scaling is left out', async () => {
    const story = await scenario();
    story.alarm(0, 'TargetTracking-table/orders-AlarmHigh-5b5d');
    await story.runTo(5);
    expect(story.pages()).toEqual([]);
    expect(story.lives()).toEqual([]);
    expect(story.deadLetters('tocsin-intake')).toEqual([]);
  });

  it('with two contributors opens an alert for each', async () => {
    const story = await scenario();
    for (const id of ['1', '2']) {
      story.signal(0, contributorEvent(minute(0), { id, attributes: { TableName: `orders-${id}` } }));
    }
    await story.runTo(5);
    expect(
      story
        .lives()
        .map(({ alert }) => alert.detail.title)
        .sort(),
    ).toEqual(['cpu-high (TableName=orders-1)', 'cpu-high (TableName=orders-2)']);
  });
});

describe('a body', () => {
  it('of 500 KB is cut, noted, and paged like any other', async () => {
    const story = await scenario();
    const reason = 'x'.repeat(500_000);
    story.signal(0, alarmEvent({ ...minute(0), reason }));
    await story.runTo(1);
    expect(story.pages()).toEqual([AT_ONCE]);
    expect(story.life().alert.detail).toMatchObject({ truncated: true });
    expect(JSON.stringify(story.life().alert).length).toBeLessThan(16_000);
  });

  it('that is malformed among ten is one dead letter with its reason, and the nine are paged', async () => {
    const story = await scenario();
    for (let n = 1; n <= 4; n++) story.signal(0, alarmEvent({ ...minute(0), alarmName: `a-${n}` }));
    story.signal(0, '{"detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch", "detail"');
    for (let n = 5; n <= 9; n++) story.signal(0, alarmEvent({ ...minute(0), alarmName: `a-${n}` }));
    await story.runTo(2);
    expect(story.lives()).toHaveLength(9);
    expect(story.deadLetters('tocsin-intake')).toEqual([
      {
        body: '{"detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch", "detail"',
        reason: expect.stringContaining('not a JSON object'),
      },
    ]);
    expect(story.world.queue('tocsin-intake').messages()).toEqual([]);
  });

  it('of an event whose detail is not as documented names what was found', async () => {
    const story = await scenario();
    const event = alarmEvent(minute(0));
    story.signal(0, { ...event, detail: { ...event.detail, state: { value: 'BROKEN' } } });
    await story.runTo(1);
    expect(story.deadLetters('tocsin-intake')[0]?.reason).toContain('BROKEN');
  });
});

describe('a muted alarm', () => {
  const suppressed = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm-mute-rule:release';

  it('pages nobody, is asked about at 5, 10 and 15, and paged 5 s after 15 once it is not muted any more', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu', { suppressed });
    // The mute ends without an event: only DescribeAlarms tells.
    story.alarm(12, 'cpu');
    await story.runTo(15);
    expect(asked(story)).toEqual([5, 10, 15]);
    expect(story.pages()).toEqual([]);
    // At a hold's end pages gather for 5 s.
    await story.runTo(16);
    expect(story.pages()).toEqual(['15.08 level 1 ana email sms']);
    expect(story.timeline()).toContain('0 alert.held muted by release (muted)');
    await story.runTo(30);
    expect(story.pages(16)).toEqual(['30 level 2 ben email sms']);
    expect(asked(story)).toHaveLength(3);
  });

  it('that is OK recovers like any other, and nobody is told', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu', { suppressed });
    story.ok(7, 'cpu', { suppressed });
    await story.runTo(30);
    expect(story.pages()).toEqual([]);
    expect(story.life().alert.resolution?.at).toBe(atMinute(12));
  });

  it('whose OK was lost recovers when DescribeAlarms tells', async () => {
    const story = await scenario();
    story.ok(0, 'cpu-high');
    story.signal(1, alarmEvent(minute(1), { muteDetail: { mutedByArn: suppressed } }));
    await story.runTo(30);
    expect(story.pages()).toEqual([]);
    expect(story.life().alert.resolution?.at).toBe(atMinute(11));
  });

  it('whose alarm is gone when asked resolves', async () => {
    const story = await scenario();
    story.signal(0, alarmEvent(minute(0), { muteDetail: { mutedByArn: suppressed } }));
    await story.runTo(5);
    expect(story.life().alert).toMatchObject({
      status: 'resolved',
      resolution: { reason: 'the alarm was deleted' },
    });
  });

  it('stays muted while CloudWatch cannot be asked', async () => {
    const story = await scenario({
      inject: ({ service }) => (service === 'cloudwatch' ? { kind: 'throttle' } : undefined),
    });
    story.alarm(0, 'cpu', { suppressed });
    await story.runTo(20);
    expect(story.pages()).toEqual([]);
    expect(story.life().alert.holds.muted?.checkAt).toBeGreaterThan(START_MS + 20 * MINUTE_MS);
  });
});

function asked({ world }: Awaited<ReturnType<typeof scenario>>): number[] {
  return world.calls
    .filter(({ action }) => action === 'DescribeAlarms')
    .map(({ at }) => (at - START_MS) / MINUTE_MS);
}
