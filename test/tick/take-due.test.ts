import { describe, expect, it } from 'vitest';
import { alertId, keys } from '../../functions/shared/table.ts';
import { takeDue } from '../../functions/tick/take-due.ts';
import { clock, pagingRig, type Rig } from '../support/paging-rig.ts';
import { realTables } from '../support/real-table.ts';
import { MINUTE_MS, START_MS } from '../support/story.ts';

const freshTable = realTables();

/** An alert that opened at 0:00; its level 2 is due at 15:00. */
async function openAlert(rig: Rig) {
  await rig.signal(0, 'cpu', 'alarm');
  return { ...keys.alert(alertId('cpu')), dueAt: START_MS + 15 * MINUTE_MS };
}

describe('takeDue', () => {
  it('pages level 2 at 15:00', async () => {
    const rig = pagingRig(await freshTable());
    await openAlert(rig);
    await rig.runTo(16);
    expect(rig.messages().slice(2).sort()).toEqual(['15:00 ben email', '15:00 ben sms']);
  });

  it('waits out the last second: a message that comes at 14:58.5 is taken at 15:00', async () => {
    const rig = pagingRig(await freshTable());
    const row = await openAlert(rig);
    await rig.justTo(14.975);
    await takeDue(row, rig.ports);
    expect(rig.messages().slice(2).sort()).toEqual(['15:00 ben email', '15:00 ben sms']);
  });

  it('hands back a message that comes 1 minute early, and publishes nothing', async () => {
    const rig = pagingRig(await freshTable());
    const row = await openAlert(rig);
    await rig.justTo(14);
    await takeDue(row, rig.ports);
    expect(rig.messages()).toHaveLength(2);
    expect(clock(rig.at())).toBe('14:00');
    await rig.runTo(16);
    expect(rig.messages()).toHaveLength(4);
  });

  it('does nothing when the moment has moved: it was acknowledged at 5:00', async () => {
    const rig = pagingRig(await freshTable());
    const row = await openAlert(rig);
    await rig.answer(5, 'cpu', 'acknowledge', 'ana');
    await rig.justTo(15);
    const before = await rig.items();
    await takeDue(row, rig.ports);
    expect(await rig.items()).toEqual(before);
    expect(rig.messages()).toHaveLength(2);
  });

  it('pages once when the same message comes 5 times', async () => {
    const rig = pagingRig(await freshTable());
    const row = await openAlert(rig);
    await rig.justTo(15);
    for (let n = 0; n < 5; n++) await takeDue(row, rig.ports);
    expect(rig.messages()).toHaveLength(4);
  });

  it('pages once when 8 workers have the same message at once', async () => {
    const rig = pagingRig(await freshTable());
    const row = await openAlert(rig);
    await rig.justTo(15);
    await Promise.all(Array.from({ length: 8 }, () => takeDue(row, rig.ports)));
    expect(rig.messages().slice(2).sort()).toEqual(['15:00 ben email', '15:00 ben sms']);
  });

  it('sends one bundle when 8 workers have the slot’s turn at once', async () => {
    const rig = pagingRig(await freshTable());
    await rig.signal(0, 'cpu', 'alarm', { severity: 'warning' });
    await rig.signal(0.1, 'disk', 'alarm', { severity: 'warning' });
    await rig.justTo(1);
    const turn = { ...keys.slot('ana', 'email'), dueAt: START_MS + MINUTE_MS };
    await Promise.all(Array.from({ length: 8 }, () => takeDue(turn, rig.ports)));
    expect(rig.messages()).toEqual(['0:00 ana email', '1:00 ana email']);
  });

  it('pages level 2 or not, but never half, when an acknowledgement comes at 15:00 with it', async () => {
    const rig = pagingRig(await freshTable());
    const row = await openAlert(rig);
    await rig.justTo(15);
    await Promise.all([takeDue(row, rig.ports), rig.answer(15, 'cpu', 'acknowledge', 'ana')]);
    const alert = await rig.alert('cpu');
    expect(alert.status).toBe('acknowledged');
    expect([2, 4]).toContain(rig.sent.length);
    await rig.runTo(60);
    expect([2, 4]).toContain(rig.sent.length);
  });

  it('settles a page that went out while its acknowledgement came, as sent', async () => {
    const table = await freshTable();
    const rig: Rig = pagingRig(table, {
      publish: () => {
        acknowledging ??= rig.answer(1, 'disk', 'acknowledge', 'ana');
        return 'sent';
      },
    });
    let acknowledging: Promise<unknown> | undefined = Promise.resolve();
    await rig.signal(0, 'cpu', 'alarm', { severity: 'warning' });
    await rig.signal(0.1, 'disk', 'alarm', { severity: 'warning' });
    acknowledging = undefined;
    await rig.runTo(1);
    await acknowledging;
    expect(rig.messages()).toEqual(['0:00 ana email', '1:00 ana email']);
    const alert = await rig.alert('disk');
    expect(alert).toMatchObject({ status: 'acknowledged', pages: [{ status: 'sent' }] });
    expect(alert.paged).toEqual([{ responder: 'ana', level: 1 }]);
  });

  it('refuses a key of which nothing is ever due', async () => {
    const rig = pagingRig(await freshTable());
    const row = { pk: 'alert#a', sk: 'event#1', dueAt: START_MS };
    await expect(takeDue(row, rig.ports)).rejects.toMatchObject({ kind: 'rejected' });
  });

  it('does nothing for an alert or a slot that is gone', async () => {
    const rig = pagingRig(await freshTable());
    await takeDue({ ...keys.alert('gone'), dueAt: START_MS }, rig.ports);
    await takeDue({ ...keys.slot('ana', 'sms'), dueAt: START_MS }, rig.ports);
    expect(await rig.items()).toEqual([]);
  });
});

describe('takeDue of a muted alert', () => {
  const muted = { suppressed: 'by the mute rule nightly' };

  it('asks every 5 minutes, and pages when the alarm is no longer muted', async () => {
    let isMuted = true;
    const rig = pagingRig(await freshTable(), {
      reading: () => ({ state: 'alarm', suppressed: isMuted }),
    });
    await rig.signal(0, 'cpu', 'alarm', muted);
    await rig.runTo(12);
    expect(rig.messages()).toEqual([]);
    isMuted = false;
    await rig.runTo(16);
    // The end of a hold gathers for 5 s.
    expect(rig.messages().sort()).toEqual(['15:05 ana email', '15:05 ana sms']);
  });

  it('stays muted and warns while CloudWatch cannot be asked', async () => {
    const rig = pagingRig(await freshTable(), {
      reading: () => {
        throw new Error('throttled');
      },
    });
    await rig.signal(0, 'cpu', 'alarm', muted);
    await rig.runTo(11);
    expect(rig.messages()).toEqual([]);
    expect(rig.warnings.length).toBeGreaterThanOrEqual(2);
    expect(new Set(rig.warnings).size).toBe(1);
    expect((await rig.alert('cpu')).holds.muted).toBeDefined();
  });
});
