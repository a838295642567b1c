import { describe, expect, it } from 'vitest';
import type { Alert } from '../../functions/alerts/alert.ts';
import type { Decision } from '../../functions/alerts/alert-draft.ts';
import { answerAlert } from '../../functions/alerts/answer-alert.ts';
import { receiveSignal } from '../../functions/alerts/receive-signal.ts';
import { samplePage } from '../support/sample-alert.ts';
import { ALERT_ID, MINUTE_MS, START_MS, type Story, signalAt, tell } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';

describe('receiveSignal', () => {
  it('changes nothing for the same ALARM twice', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    expect(story.signal(0, 'alarm')).toEqual({ kind: 'unchanged', reason: 'not newer than the last signal' });
    expect(story.alert?.triggers).toBe(1);
  });

  it('changes nothing for an OK older than the ALARM that came before it', () => {
    const story = tell(fourLevels);
    story.signal(5, 'alarm');
    expect(story.signal(5, 'ok', { at: START_MS + 4 * MINUTE_MS }).kind).toBe('unchanged');
    expect(story.alert?.holds.recovering).toBeUndefined();
  });

  it('lets ALARM win over OK of the same instant, whichever comes first', () => {
    const alarmFirst = tell(fourLevels);
    alarmFirst.signal(0, 'alarm');
    expect(alarmFirst.signal(0, 'ok').kind).toBe('unchanged');

    const okFirst = tell(fourLevels);
    okFirst.signal(0, 'ok');
    okFirst.signal(0, 'alarm');
    expect(okFirst.alert?.status).toBe('triggered');
  });

  it('remembers an OK without an alert, so that its late ALARM wakes nobody', () => {
    const story = tell(fourLevels);
    story.signal(2, 'ok');
    expect(story.alert).toMatchObject({
      status: 'resolved',
      openedAt: 0,
      clock: { elapsedMs: 0, runningSince: null },
      timeline: [],
    });
    expect(story.signal(3, 'alarm', { at: START_MS + 1 * MINUTE_MS }).kind).toBe('unchanged');
    expect(story.sent()).toEqual([]);
  });

  it('keeps the state at INSUFFICIENT_DATA, and an ALARM that was sent before it still counts', () => {
    const story = tell(fourLevels);
    expect(story.signal(2, 'insufficient-data').kind).toBe('unchanged');
    story.signal(3, 'alarm', { at: START_MS + 1 * MINUTE_MS });
    expect(story.sent()).toEqual(['3: level 1 ana sms', '3: level 1 ana email']);
  });

  it('counts a repeated ALARM and pages nobody anew', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.signal(3, 'alarm', { detail: { title: 'cpu', reason: 'worse' } });
    expect(story.alert).toMatchObject({ triggers: 2, detail: { reason: 'worse' } });
    expect(story.sent()).toHaveLength(2);
    expect(story.timeline.at(-1)).toMatchObject({ event: 'alert.repeated', reason: 'not-yet' });
  });

  it('recovers from the first OK on: another one does not make it longer', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.signal(3, 'ok');
    story.signal(5, 'ok');
    expect(story.alert?.holds.recovering).toEqual({ since: at(3), until: at(8) });
  });

  it('of an alarm that is OK in the moment in which it opened, and then fires again, pages nobody anew', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', { at: START_MS - 1 });
    story.signal(0, 'ok');
    story.signal(1, 'alarm');
    expect(story.sent()).toHaveLength(2);
  });

  it('leaves a resolved alert alone when its alarm is deleted, also while another alert would explain it', () => {
    const { alert } = storyOfOneResolved();
    const inhibitor = { by: 'cluster-down', since: at(4) };
    const deleted = receiveSignal(alert, ALERT_ID, signalAt(5, 'deleted'), at(5), fourLevels, inhibitor);
    expect(alertOf(deleted)).toMatchObject({ status: 'resolved', holds: {}, lastSignalState: 'deleted' });
  });

  it('resolves when the alarm is deleted, with that reason', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.signal(3, 'deleted');
    expect(story.alert?.resolution).toEqual({
      by: 'alarm',
      at: START_MS + 3 * MINUTE_MS,
      reason: 'the alarm was deleted',
    });
    expect(story.sent().slice(2)).toEqual(['3: notice ana email']);
  });

  it('after a resolve by hand: a newer ALARM opens a new alert, the same one again does not', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(3, 'resolve', 'ana');
    expect(story.signal(4, 'alarm', { at: START_MS }).kind).toBe('unchanged');
    story.signal(6, 'alarm');
    expect(story.alert).toMatchObject({
      status: 'triggered',
      openedAt: START_MS + 6 * MINUTE_MS,
      triggers: 1,
    });
  });
});

describe('a new life', () => {
  /** The alert that an ALARM at minute 9 opens after one that ana resolved at minute 3. */
  const reopened = (before: Partial<Alert>) => {
    const alert = { ...storyOfOneResolved().alert!, ...before };
    const decision = receiveSignal(alert, ALERT_ID, signalAt(9, 'alarm'), at(9), fourLevels);
    return { opened: alertOf(decision), ended: decision.kind === 'changed' ? decision.ended : undefined };
  };

  it.each<[string, Partial<Alert>, boolean]>([
    ['has the one before copied out', { endedCopied: false }, true],
    ['has nothing to copy that stands in the table already', { endedCopied: true }, false],
    ['has nothing to copy of what only remembered an OK', { openedAt: 0, endedCopied: false }, false],
  ])('%s', (_, before, isCopied) => expect(reopened(before).ended !== undefined).toBe(isCopied));

  it('still owes the notices of the one before, and none of its pages', () => {
    const pages = (['page', 'notice'] as const).flatMap((kind) =>
      (['sending', 'sent'] as const).map((status) => samplePage({ id: `${kind} ${status}`, kind, status })),
    );
    const { opened } = reopened({ pages });
    expect(opened.pages.map(({ id }) => id)).toEqual(['notice sending', '4', '5']);
  });
});

describe('a muted alarm', () => {
  const muted = { suppressed: 'mute rule "deploys"' };

  it('that fires again is told to be muted once, since it was first', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', muted);
    story.signal(2, 'alarm', muted);
    expect(story.alert?.holds.muted).toMatchObject({ since: START_MS, checkAt: at(7) });
    expect(story.timeline.filter(({ event }) => event === 'alert.held')).toHaveLength(1);
  });

  it('that a hand escalated starts at level 1 when it is muted no more: it opened muted', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', muted);
    story.answer(2, 'escalate', 'ben');
    story.signal(4, 'alarm');
    expect(story.sent()).toEqual([2, 4].flatMap((n) => [`${n}: level 1 ana sms`, `${n}: level 1 ana email`]));
  });

  it('opens an alert that pages nobody and is asked about every 5 minutes', () => {
    let asked = 0;
    const story = tell(fourLevels, {
      reading: () => {
        asked += 1;
        return { state: 'alarm', suppressed: true };
      },
    });
    story.signal(0, 'alarm', muted);
    story.runTo(15);
    expect(story.sent()).toEqual([]);
    expect(asked).toBe(3);
  });

  it('pages level 1 when DescribeAlarms says that it is muted no more, its clock at 0', () => {
    const story = tell(fourLevels, { reading: () => ({ state: 'alarm', suppressed: false }) });
    story.signal(0, 'alarm', muted);
    story.runTo(20);
    expect(story.sent()).toEqual([
      '5: level 1 ana sms',
      '5: level 1 ana email',
      '20: level 2 ben sms',
      '20: level 2 ben email',
    ]);
  });

  it('pages at once when an unsuppressed ALARM comes', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', muted);
    story.signal(2, 'alarm');
    expect(story.sent()).toEqual(['2: level 1 ana sms', '2: level 1 ana email']);
  });

  it('pages when it is muted no more and has no data: that keeps its state, which was ALARM', () => {
    const story = tell(fourLevels, { reading: () => ({ state: 'insufficient-data', suppressed: false }) });
    story.signal(0, 'alarm', muted);
    story.runTo(5);
    expect(story.sent()).toEqual(['5: level 1 ana sms', '5: level 1 ana email']);
  });

  it('that nobody here can ask about pages after an hour', () => {
    const story = tell(fourLevels, { reading: () => ({ state: 'unknown', suppressed: true }) });
    story.signal(0, 'alarm', muted);
    story.runTo(60);
    expect(story.sent()).toEqual(['60: level 1 ana sms', '60: level 1 ana email']);
  });

  it('recovers when asked and found OK, and resolves 5 minutes later without a page', () => {
    const story = tell(fourLevels, { reading: () => ({ state: 'ok', suppressed: false }) });
    story.signal(0, 'alarm', muted);
    story.runTo(30);
    expect(story.alert?.resolution?.at).toBe(START_MS + 10 * MINUTE_MS);
    expect(story.sent()).toEqual([]);
  });

  it('resolves when the alarm is gone', () => {
    const story = tell(fourLevels, { reading: () => ({ state: 'missing', suppressed: false }) });
    story.signal(0, 'alarm', muted);
    story.runTo(5);
    expect(story.alert?.resolution?.reason).toBe('the alarm was deleted');
  });

  it.each(['ok', 'missing'] as const)(
    'found %s opens nothing when its ALARM is delivered once more',
    (state) => {
      const story = tell(fourLevels, { reading: () => ({ state, suppressed: false }) });
      story.signal(0, 'alarm', muted);
      story.runTo(20);
      expect(story.signal(21, 'alarm', { at: START_MS }).kind).toBe('unchanged');
      expect(story.alert).toMatchObject({
        status: 'resolved',
        lastSignalState: state === 'ok' ? 'ok' : 'deleted',
      });
      story.signal(22, 'alarm');
      expect(story.sent()).toEqual(['22: level 1 ana sms', '22: level 1 ana email']);
    },
  );

  it('flapping within the quiet time is held again while it is still muted', () => {
    const story = tell(fourLevels, { reading: () => ({ state: 'alarm', suppressed: true }) });
    story.signal(0, 'alarm', muted);
    story.signal(1, 'ok');
    story.signal(3, 'alarm', muted);
    story.runTo(30);
    expect(story.alert?.status).toBe('triggered');
    expect(story.sent()).toEqual([]);
  });
});

describe('several alarms under one dedup key', () => {
  const of = (alarmName: string) => ({
    source: {
      kind: 'cloudwatch' as const,
      account: '123456789012',
      region: 'eu-west-1',
      alarmName,
      alarmArn: `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${alarmName}`,
    },
  });

  it('are one alert that recovers when the last of them is OK', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', of('shard-1'));
    story.signal(1, 'alarm', of('shard-2'));
    story.signal(3, 'ok', of('shard-1'));
    expect(story.alert?.holds.recovering).toBeUndefined();
    story.signal(4, 'ok', of('shard-2'));
    story.runTo(9);
    expect(story.alert?.resolution?.at).toBe(START_MS + 9 * MINUTE_MS);
  });

  it('are ordered each by itself: an ALARM older than the OK of another counts', () => {
    const story = tell(fourLevels);
    story.signal(2, 'ok', of('shard-1'));
    story.signal(3, 'alarm', { ...of('shard-2'), at: START_MS + 1 * MINUTE_MS });
    expect(story.sent()).toEqual(['3: level 1 ana sms', '3: level 1 ana email']);
  });

  it('stay open when one of them is deleted while another fires', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', of('shard-1'));
    story.signal(1, 'alarm', of('shard-2'));
    story.signal(2, 'deleted', of('shard-1'));
    expect(story.alert?.status).toBe('triggered');
  });

  it('page when the muted one is OK and another fires', () => {
    const story = tell(fourLevels, { reading: () => ({ state: 'ok', suppressed: false }) });
    story.signal(0, 'alarm', { ...of('shard-1'), suppressed: 'a mute rule' });
    story.signal(1, 'alarm', { ...of('shard-2'), suppressed: 'a mute rule' });
    story.runTo(6);
    expect(story.sent()).toEqual(['6: level 1 ana sms', '6: level 1 ana email']);
    expect(story.alert?.holds).toEqual({});
  });

  it('go on paging for the one that fires when another one is muted: a mute rule silences its own alarm only', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', of('shard-1'));
    story.signal(1, 'alarm', { ...of('shard-2'), suppressed: 'a mute rule' });
    expect(story.alert?.holds).toEqual({});
    story.runTo(15);
    expect(story.sent().slice(2)).toEqual(['15: level 2 ben sms', '15: level 2 ben email']);
  });

  it('are muted when the only one that fires is', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', of('shard-1'));
    story.signal(1, 'ok', of('shard-1'));
    story.signal(2, 'alarm', { ...of('shard-2'), suppressed: 'a mute rule' });
    expect(story.alert?.holds).toEqual({ muted: expect.anything() });
  });

  it('stay open when the muted one is found deleted and another fires', () => {
    const story = tell(fourLevels, { reading: () => ({ state: 'missing', suppressed: false }) });
    story.signal(0, 'alarm', { ...of('shard-1'), suppressed: 'a mute rule' });
    story.signal(1, 'alarm', { ...of('shard-2'), suppressed: 'a mute rule' });
    story.runTo(6);
    expect(story.alert).toMatchObject({ status: 'triggered', lastSignalState: 'alarm' });
    expect(story.sent()).toEqual(['6: level 1 ana sms', '6: level 1 ana email']);
  });

  it.each(['ok', 'missing'] as const)('recover without the one that was found %s', (state) => {
    const story = tell(fourLevels, { reading: () => ({ state, suppressed: false }) });
    story.signal(0, 'alarm', { ...of('shard-1'), suppressed: 'a mute rule' });
    story.signal(1, 'alarm', { ...of('shard-2'), suppressed: 'a mute rule' });
    story.runTo(6);
    story.signal(7, 'ok', of('shard-1'));
    expect(story.alert?.holds.recovering).toBeDefined();
  });

  it('beyond 50 forget those that have been quiet for longest', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', of('shard-0'));
    for (let n = 1; n <= 60; n++) story.signal(n / 60, 'ok', of(`shard-${n}`));
    const members = Object.keys(story.alert!.members);
    expect(members).toHaveLength(50);
    expect(members[0]).toMatch(/shard-0$/);
    expect(members[1]).toMatch(/shard-12$/);
  });
});

describe('a signal that comes when something overdue was not done yet', () => {
  it('an ALARM after the end of the quiet time opens a new life at level 1, also of an acknowledged alert', () => {
    const opened = receiveSignal(undefined, ALERT_ID, signalAt(0, 'alarm'), START_MS, fourLevels);
    const acknowledged = answerAlert(alertOf(opened), 'acknowledge', 'ana', at(1), fourLevels);
    const recovering = receiveSignal(alertOf(acknowledged), ALERT_ID, signalAt(2, 'ok'), at(2), fourLevels);
    const before = alertOf(recovering);
    const again = receiveSignal(before, ALERT_ID, signalAt(9, 'alarm'), at(9), fourLevels);
    expect(alertOf(again)).toMatchObject({
      version: before.version + 1,
      openedAt: at(9),
      status: 'triggered',
      highestPagedLevel: 1,
    });
    expect(again).toMatchObject({
      ended: {
        openedAt: START_MS,
        status: 'resolved',
        resolution: { by: 'alarm', at: at(9), reason: 'the alarm is OK again' },
      },
    });
  });

  it('a deletion without an alert is remembered: its late ALARM opens nothing', () => {
    const story = tell(fourLevels);
    story.signal(2, 'deleted');
    expect(story.signal(3, 'alarm', { at: START_MS + 1 * MINUTE_MS }).kind).toBe('unchanged');
  });
});

const at = (minute: number) => START_MS + minute * MINUTE_MS;

/** Opened at minute 0, resolved by ana at minute 3, told and copied. */
function storyOfOneResolved(): Story {
  const story = tell(fourLevels);
  story.signal(0, 'alarm');
  story.answer(3, 'resolve', 'ana');
  return story;
}

function alertOf(decision: Decision): Alert {
  if (decision.kind === 'unchanged') throw new Error(decision.reason);
  return decision.alert;
}
