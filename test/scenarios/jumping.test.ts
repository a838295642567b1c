import { describe, expect, it } from 'vitest';
import { toPlain } from '../../cli/replay/read-table.ts';
import type { ScenarioOptions } from '../support/scenario.ts';
import { scenario, TABLE } from '../support/scenario.ts';

const ANAS_PHONE = '+12025550101';

/** Two hours with an alert that escalates and repeats, one that is forgotten, one that flaps, one that is muted, a phone that opts out. */
async function tell(options: ScenarioOptions) {
  const story = await scenario(options);
  story.alarm(0, 'unanswered');
  story.alarm(7, 'forgotten');
  void story.press(9, 'acknowledge', 'ana sms');
  for (const minute of [20, 26.5, 33]) {
    story.alarm(minute, 'flapping');
    story.ok(minute + 2, 'flapping');
  }
  story.alarm(40, 'muted', { suppressed: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm-mute-rule:night' });
  story.ok(100, 'unanswered');
  for (const [minute, optedOut] of [
    [61, [ANAS_PHONE]],
    [77, []],
  ] as const)
    void story.at(minute, () => story.world.sms.change({ optedOut: [...optedOut] }));
  await story.runTo(120);
  return {
    messages: story.pages(),
    table: story.tables.items(TABLE).map(toPlain).map(comparable).sort(),
    sweeps: story.world.calls.filter(
      ({ function: name, action }) => name === 'tocsin-tick' && action === 'Query',
    ).length,
    failures: story.failures(),
  };
}

/**
 * Without what is random in an item (the id of its last write, the token behind a link, the id of a message) and what
 * only counts runs: how often audits wrote their row, how often a walk was asked for.
 */
function comparable({ writeId: _, asked: __, version, ...rest }: Record<string, unknown>): string {
  const counted = rest.pk === 'audit' ? {} : { version };
  return JSON.stringify({ ...rest, ...counted, pk: String(rest.pk).replace(/^(link|message)#.*/, '$1#') });
}

describe('createVirtualWorld', () => {
  it('reaches the same messages and the same table whether it jumps over idle ticks or runs all 120', async () => {
    const jumped = await tell({});
    const ran = await tell({ everyTick: true });
    expect(jumped.failures).toEqual([]);
    expect(jumped.messages.length).toBeGreaterThan(10);
    expect(jumped.messages).toEqual(ran.messages);
    expect(jumped.table).toEqual(ran.table);
    expect(ran.sweeps).toBe(120 * 8);
    expect(jumped.sweeps).toBeLessThan(ran.sweeps / 2);
  });

  it('leaves out most audits of 4 hours with one alert that is seen to, and a signal that cannot be read for 90 minutes of them', async () => {
    const tellQuietly = async (options: ScenarioOptions) => {
      const story = await scenario(options);
      story.alarm(0, 'cpu');
      void story.press(2, 'acknowledge', 'ana sms');
      story.ok(30, 'cpu');
      story.signal(150, 'nonsense');
      await story.runTo(240);
      const audits = story.world.logs.filter(
        ({ function: name, line }) => name === 'tocsin-escalation-audit' && line.includes('"audited"'),
      );
      const table = story.tables.items(TABLE).map(toPlain).map(comparable).sort();
      return {
        messages: story.pages(),
        table,
        letters: story.deadLetters('tocsin-intake').length,
        audits: audits.length,
      };
    };
    const jumped = await tellQuietly({});
    const ran = await tellQuietly({ everyTick: true });
    expect({ ...jumped, audits: ran.audits }).toEqual(ran);
    expect(ran.audits).toBe(48);
    // Each five minutes after the signal, twice after each change of the alert.
    expect(jumped.audits).toBeLessThan(28);
  });
});
