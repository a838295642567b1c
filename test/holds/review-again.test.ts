import { describe, expect, it } from 'vitest';
import { endWindow, startWindow } from '../../functions/holds/windows-by-hand.ts';
import { writeOwnMessage } from '../../functions/intake/own-signal.ts';
import { receive } from '../../functions/intake/receive.ts';
import { type DueMessage, keys } from '../../functions/shared/table.ts';
import { pagingRig, type Rig } from '../support/paging-rig.ts';
import { memoryTableOfTest } from '../support/real-table.ts';

const SECOND = 1 / 60;

async function maintenance(): Promise<{ rig: Rig; id: string }> {
  const rig = pagingRig(await memoryTableOfTest());
  const request = {
    hold: 'maintenance',
    match: {},
    minutes: 120,
    reason: 'new database',
    by: 'cli:ben',
  } as const;
  const answer = await startWindow(request, rig.ports);
  if (answer.kind !== 'ok') throw new Error(answer.message);
  return { rig, id: answer.window.id };
}

/** An alarm whose receiver has looked at the windows, and then takes its time to write the alert. */
function slowly(rig: Rig, meanwhile: () => Promise<unknown>): Promise<unknown> {
  const body = writeOwnMessage({
    signal: {
      dedupKey: 'cpu',
      source: { kind: 'cli', key: 'cpu', by: 'cli:ana' },
      state: 'alarm',
      at: rig.at(),
      detail: { title: 'cpu' },
    },
  });
  const { alerts } = rig.ports;
  let waited = false;
  const write: typeof alerts.write = async (alert) => {
    if (!waited) await meanwhile();
    waited = true;
    return alerts.write(alert);
  };
  return receive(body, { ...rig.ports, alerts: { ...alerts, write } });
}

describe('a review after a window has ended', () => {
  it('comes again 15 s later, for an alert that was being written by the windows of before', async () => {
    const { rig, id } = await maintenance();
    await rig.justTo(10);
    await slowly(rig, async () => {
      await endWindow({ id, by: 'cli:ben' }, rig.ports);
      await rig.runTo(10 + 5 * SECOND);
    });
    expect((await rig.alert('cpu')).holds.maintenance).toBeDefined();
    await rig.runTo(11);
    expect(rig.messages().sort()).toEqual(['10:20 ana email', '10:20 ana sms']);
    expect(rig.failures).toEqual([]);
  });

  it('is asked for once more by the row of its second turn, which is then due no more', async () => {
    const { rig, id } = await maintenance();
    await rig.justTo(10);
    await endWindow({ id, by: 'cli:ben' }, rig.ports);
    const due = async (): Promise<DueMessage[]> => rig.due(Number.MAX_SAFE_INTEGER);
    expect(await due()).toContainEqual(expect.objectContaining(keys.reviewAgain(rig.at() + 15_000)));
    await rig.runTo(11);
    expect(await due()).toEqual([]);
  });
});
