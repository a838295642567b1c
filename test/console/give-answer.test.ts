import { describe, expect, it } from 'vitest';
import { alertId } from '../../functions/shared/table.ts';
import { clock, pagingRig } from '../support/paging-rig.ts';
import { realTables } from '../support/real-table.ts';
import { START_MS } from '../support/story.ts';

const freshTable = realTables();

async function openAlert() {
  const table = await freshTable();
  const rig = pagingRig(table);
  await rig.signal(0, 'cpu', 'alarm');
  return { rig, table };
}

describe('giveAnswer', () => {
  it('acknowledges, and level 2 is not paged at 15:00', async () => {
    const { rig } = await openAlert();
    expect(await rig.answer(14, 'cpu', 'acknowledge', 'ana')).toMatchObject({
      kind: 'done',
      alert: { status: 'acknowledged' },
    });
    await rig.runTo(20);
    expect(rig.messages()).toHaveLength(2);
  });

  it('says who answered first when it is acknowledged twice, and reminds the second', async () => {
    const { rig } = await openAlert();
    await rig.answer(1, 'cpu', 'acknowledge', 'ana');
    const second = await rig.answer(2, 'cpu', 'acknowledge', 'ben');
    expect(second).toMatchObject({
      kind: 'answered-before',
      alert: { acknowledgement: { firstBy: 'ana', firstAt: START_MS + 60_000, by: 'ben' } },
    });
    await rig.runTo(63);
    expect(rig.messages().slice(2).sort()).toEqual(['62:00 ben email', '62:00 ben sms']);
  });

  it('lets one of two be first who acknowledge at once', async () => {
    const { rig } = await openAlert();
    await rig.justTo(1);
    const given = await Promise.all([
      rig.answer(1, 'cpu', 'acknowledge', 'ana'),
      rig.answer(1, 'cpu', 'acknowledge', 'ben'),
    ]);
    expect(given.map(({ kind }) => kind).sort()).toEqual(['answered-before', 'done']);
  });

  it('stands when its response was lost', async () => {
    const { rig, table } = await openAlert();
    await rig.justTo(1);
    table.loseResponses(1);
    expect(await rig.answer(1, 'cpu', 'acknowledge', 'ana')).toMatchObject({ kind: 'done' });
    const acknowledged = (await rig.timeline('cpu')).filter(({ event }) => event === 'alert.acknowledged');
    expect(acknowledged).toHaveLength(1);
  });

  it('resolves at once, tells who was paged when their slot is free, and has nothing to do after that', async () => {
    const { rig } = await openAlert();
    expect(await rig.answer(0.5, 'cpu', 'resolve', 'cli:sam')).toMatchObject({ kind: 'done' });
    expect(await rig.answer(0.6, 'cpu', 'acknowledge', 'ana')).toMatchObject({
      kind: 'nothing-to-do',
      reason: 'resolved already',
    });
    await rig.runTo(30);
    expect(rig.messages().slice(2)).toEqual(['1:00 ana email']);
  });

  it('escalates to level 2 at once, without waiting for the tick', async () => {
    const { rig } = await openAlert();
    await rig.answer(1.1, 'cpu', 'escalate', 'ana');
    await rig.runTo(1.2);
    expect(rig.messages().slice(2).sort()).toEqual(['1:06 ben email', '1:06 ben sms']);
  });

  it('never reaches a later life than the one that is meant', async () => {
    const { rig } = await openAlert();
    const { giveAnswer } = await import('../../functions/console/give-answer.ts');
    await rig.answer(1, 'cpu', 'resolve', 'ana');
    await rig.signal(2, 'cpu', 'alarm');
    const given = await giveAnswer(alertId('cpu'), 'acknowledge', 'ana', rig.ports, { openedAt: START_MS });
    expect(given).toMatchObject({ kind: 'nothing-to-do', reason: 'resolved already' });
    const alert = await rig.alert('cpu');
    expect(alert.status).toBe('triggered');
    expect(clock(alert.openedAt)).toBe('2:00');
  });

  it('does not find an alert that is not there, nor a tombstone that only remembers an OK', async () => {
    const { rig } = await openAlert();
    expect(await rig.answer(1, 'disk', 'acknowledge', 'ana')).toEqual({ kind: 'not-found' });
    await rig.signal(2, 'memory', 'ok');
    expect(await rig.answer(3, 'memory', 'acknowledge', 'ana')).toEqual({ kind: 'not-found' });
  });
});
