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
});
