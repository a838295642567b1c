import { describe, expect, it } from 'vitest';
import { alertFeed } from '../../functions/alerts/feed.store.ts';
import { operate } from '../../functions/console/operate.ts';
import { alertId } from '../../functions/shared/table.ts';
import { pagingRig } from '../support/paging-rig.ts';
import { realTables } from '../support/real-table.ts';

const freshTable = realTables();

const CPU = alertId('cpu');

async function openAlert() {
  const table = await freshTable();
  const rig = pagingRig(table);
  await rig.signal(0, 'cpu', 'alarm');
  await rig.signal(0.5, 'disk', 'alarm', { severity: 'warning' });
  const send = (command: unknown) => operate(command, { ...rig.ports, feed: alertFeed(table) });
  return { rig, send };
}

describe('operate', () => {
  it('lists the open alerts, the latest first, and the ended ones', async () => {
    const { rig, send } = await openAlert();
    await rig.signal(1, 'memory', 'alarm');
    await rig.answer(2, 'memory', 'resolve', 'ana');
    await rig.runTo(4);
    expect(await send({ command: 'list' })).toMatchObject({
      kind: 'ok',
      alerts: [{ dedupKey: 'disk' }, { dedupKey: 'cpu' }],
    });
    expect(await send({ command: 'list', ended: true })).toMatchObject({
      kind: 'ok',
      alerts: [{ dedupKey: 'memory', status: 'resolved' }],
    });
    expect(await send({ command: 'list', limit: 1 })).toMatchObject({ alerts: [{ dedupKey: 'disk' }] });
  });

  it('shows one alert with its timeline', async () => {
    const { send } = await openAlert();
    expect(await send({ command: 'show', id: CPU })).toMatchObject({
      kind: 'ok',
      alert: { id: CPU },
      timeline: [{ event: 'alert.opened' }, { event: 'page.sent' }, { event: 'page.sent' }],
    });
  });

  it('acknowledges, escalates and resolves, and says so', async () => {
    const { send } = await openAlert();
    const act = (command: string) => send({ command, id: CPU, by: 'cli:sam' });
    expect(await act('acknowledge')).toMatchObject({ kind: 'ok', outcome: 'acknowledged' });
    expect(await act('acknowledge')).toMatchObject({ kind: 'ok', outcome: 'acknowledged again' });
    expect(await act('escalate')).toMatchObject({ outcome: 'escalated', alert: { status: 'triggered' } });
    expect(await act('resolve')).toMatchObject({
      outcome: 'resolved',
      alert: { resolution: { by: 'cli:sam' } },
    });
    expect(await act('resolve')).toEqual({ kind: 'conflict', message: `alert ${CPU}: resolved already` });
  });

  it('says how to find an alert when there is none of that id, a tombstone of an OK included', async () => {
    const { rig, send } = await openAlert();
    await rig.signal(1, 'memory', 'ok');
    for (const id of ['gone', alertId('memory')]) {
      const answer = { kind: 'not-found', message: expect.stringContaining('tocsin alerts') };
      expect(await send({ command: 'show', id })).toEqual(answer);
      expect(await send({ command: 'resolve', id, by: 'cli:sam' })).toEqual(answer);
    }
  });

  it.each([
    undefined,
    'list',
    {},
    { command: 'delete', id: CPU },
    { command: 'acknowledge', id: CPU },
    { command: 'acknowledge', id: CPU, by: '' },
    { command: 'acknowledge', id: CPU, by: 'x'.repeat(101) },
    { command: 'list', limit: 0 },
    { command: 'list', limit: 201 },
  ])('rejects %j and names the commands', async (command) => {
    const { send } = await openAlert();
    expect(await send(command)).toEqual({
      kind: 'rejected',
      message: expect.stringContaining('Send list, show, acknowledge, resolve or escalate.'),
    });
  });
});
