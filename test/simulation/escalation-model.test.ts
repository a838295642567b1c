import { describe, expect, it } from 'vitest';
import type { Story } from '../support/story.ts';
import { escalationOf } from './escalation-model.ts';
import { aRun, MINUTE_MS, START_MS } from './invariants/build-run.ts';
import { historiesOf } from './invariants/life-history.ts';

/** `15` for a moment of the clock, `5!` for a jump, of the latest life. */
function momentsOf(happens: (story: Story) => void, endMinute = 130): string[] {
  const run = aRun(happens, { endMinute });
  return escalationOf(run, historiesOf(run).at(-1)!).map(
    ({ at, step }) => `${(at - START_MS) / MINUTE_MS}${typeof step === 'number' ? '' : '!'}`,
  );
}

describe('escalationOf', () => {
  it('has the levels at 0, 15, 30 and 60, and the last again each half hour', () => {
    expect(momentsOf((story) => void story.signal(0, 'alarm'))).toEqual(['0', '15', '30', '60', '90', '120']);
  });

  it('repeats each four hours after a day', () => {
    const moments = momentsOf((story) => void story.signal(0, 'alarm'), 2_000);
    expect(moments.slice(-4)).toEqual(['1410', '1440', '1680', '1920']);
  });

  it('stands still while the alert recovers', () => {
    const moments = momentsOf((story) => {
      story.signal(0, 'alarm');
      story.signal(10, 'ok');
      story.signal(14, 'alarm');
    }, 40);
    expect(moments).toEqual(['0', '19', '34']);
  });

  it('ends with an acknowledgement at the very moment of level 2, and goes on when that is forgotten', () => {
    const moments = momentsOf((story) => {
      story.signal(0, 'alarm');
      story.answer(15, 'acknowledge', 'ana');
    });
    expect(moments).toEqual(['0', '90!', '105']);
  });

  it('jumps by hand to the next level, from whose time the clock goes on', () => {
    const moments = momentsOf((story) => {
      story.signal(0, 'alarm');
      story.answer(5, 'escalate', 'ana');
    }, 60);
    expect(moments).toEqual(['0', '5!', '20', '50']);
  });

  it('starts over when a snooze ends, and when the severity rises', () => {
    const snoozed = momentsOf((story) => {
      story.signal(0, 'alarm');
      story.answer(20, 'snooze', 'ana', { until: START_MS + 50 * MINUTE_MS });
    }, 70);
    expect(snoozed).toEqual(['0', '15', '50', '65']);
    const risen = momentsOf((story) => {
      story.signal(0, 'alarm', { severity: 'warning' });
      story.signal(40, 'alarm');
    }, 60);
    expect(risen).toEqual(['0', '30', '40', '55']);
  });

  it('begins when a mute ends for an alert that opened within it', () => {
    const moments = momentsOf((story) => {
      story.signal(0, 'alarm', { suppressed: 'by a mute rule' });
      story.signal(25, 'alarm');
    }, 45);
    expect(moments).toEqual(['25', '40']);
  });

  it('has no moments for info', () => {
    expect(momentsOf((story) => void story.signal(0, 'alarm', { severity: 'info' }))).toEqual([]);
  });
});
