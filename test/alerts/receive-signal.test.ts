import { describe, expect, it } from 'vitest';
import { MINUTE_MS, START_MS, tell } from '../support/story.ts';
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
    expect(story.alert).toMatchObject({ status: 'resolved', openedAt: 0 });
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

describe('a muted alarm', () => {
  const muted = { suppressed: 'mute rule "deploys"' };

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
