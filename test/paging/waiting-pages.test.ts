import { describe, expect, it } from 'vitest';
import type { Alert, Page } from '../../functions/alerts/alert.ts';
import type { WaitingRow } from '../../functions/paging/slot.ts';
import { isKeptBack, lookUp, settleAlerts } from '../../functions/paging/waiting-pages.ts';
import { OpsError } from '../../functions/shared/errors.ts';
import { samplePage } from '../support/sample-alert.ts';
import { MINUTE_MS, START_MS } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';
import { type LineRig, lineRig, rowOf, waitingAlert } from '../support/waiting-line.ts';

const waitingRow = (alert: Alert, row: Partial<WaitingRow> = {}): WaitingRow => ({
  ...rowOf(alert),
  sk: `waiting#${alert.id}`,
  putAt: START_MS,
  ...row,
});

const waiting = (alert: Alert, page = alert.pages[0]!) => ({ row: waitingRow(alert), alert, page });

function failFor(rig: LineRig, id: string, error: Error): void {
  const { read } = rig.ports.alerts;
  rig.ports.alerts.read = async (asked) => {
    if (asked === id) throw error;
    return read(asked);
  };
}

describe('lookUp', () => {
  it('finds each row’s page, and tells which rows stand for nothing any more', async () => {
    const rig = await lineRig();
    const [cpu, disk] = [waitingAlert('cpu'), waitingAlert('disk', { status: 'sent' })];
    for (const alert of [cpu, disk]) await rig.ports.alerts.write(alert);
    const rows = [
      waitingRow(cpu),
      waitingRow(cpu, { pageId: '7' }),
      waitingRow(disk),
      waitingRow(waitingAlert('never')),
    ];
    const { waiting, gone } = await lookUp(rows, rig.ports);
    expect(waiting.map(({ row, alert, page }) => [row, alert.id, page.id])).toEqual([[rows[0], 'cpu', '1']]);
    expect(gone).toEqual(rows.slice(1));
  });

  it('reads an alert once for all of its rows', async () => {
    const rig = await lineRig();
    let reads = 0;
    rig.ports.alerts.read = async () => {
      reads += 1;
      return undefined;
    };
    await lookUp(
      [waitingRow(waitingAlert('cpu')), waitingRow(waitingAlert('cpu'), { pageId: '2' })],
      rig.ports,
    );
    expect(reads).toBe(1);
  });

  it('lets a row that cannot be read leave the line, and says so', async () => {
    const rig = await lineRig();
    rig.ports.alerts.read = async () => {
      throw new Error('not an alert');
    };
    const rows = [waitingRow(waitingAlert('cpu'))];
    expect(await lookUp(rows, rig.ports)).toEqual({ waiting: [], gone: rows });
    expect(rig.warnings).toEqual(['alert cpu left the line of a contact']);
  });

  it.each([
    Object.assign(new Error('throttled'), { $metadata: {} }),
    new OpsError('retry', 'the table is slow'),
  ])('keeps the line as it is when the table fails: %s', async (error) => {
    const rig = await lineRig();
    rig.ports.alerts.read = async () => {
      throw error;
    };
    await expect(lookUp([waitingRow(waitingAlert('cpu'))], rig.ports)).rejects.toBe(error);
  });
});

describe('isKeptBack', () => {
  const window = (hold: 'maintenance' | 'silenced', untilMinute: number) => ({
    ...fourLevels,
    windows: [
      {
        kind: 'once' as const,
        id: 'w',
        hold,
        match: {},
        reason: 'upgrade',
        from: START_MS - MINUTE_MS,
        until: START_MS + untilMinute * MINUTE_MS,
      },
    ],
  });
  const recovering = { recovering: { since: START_MS, until: START_MS + 5 * MINUTE_MS } };

  it.each<[string, boolean, Partial<Page>, Partial<Alert>]>([
    ['a page that is owed', false, {}, {}],
    ['a page of an alert that is acknowledged', true, {}, { status: 'acknowledged' }],
    ['a page of an alert that is held', true, {}, { holds: recovering }],
    ['a page by hand of an alert that is held', false, { byHand: true }, { holds: recovering }],
    ['a notice of an alert that is resolved', false, { kind: 'notice' }, { status: 'resolved' }],
  ])('%s: %s', async (_, expected, page, alert) => {
    const rig = await lineRig();
    expect(isKeptBack(waiting(waitingAlert('cpu', page, alert)), rig.ports)).toBe(expected);
  });

  it.each<[string, boolean, 'maintenance' | 'silenced', number, Partial<Page>]>([
    ['maintenance', true, 'maintenance', 10, {}],
    ['a silence', true, 'silenced', 10, {}],
    ['maintenance that has ended', false, 'maintenance', 0, {}],
    ['maintenance, for a page by hand', false, 'maintenance', 10, { byHand: true }],
    ['maintenance, for a notice', false, 'maintenance', 10, { kind: 'notice' }],
  ])('by %s that the alert does not know of: %s', async (_, expected, hold, until, page) => {
    const rig = await lineRig();
    const ports = { ...rig.ports, operations: window(hold, until) };
    expect(isKeptBack(waiting(waitingAlert('cpu', page)), ports)).toBe(expected);
  });
});

describe('settleAlerts', () => {
  it('writes each alert once, with all that came of its pages, and carries out what follows', async () => {
    const rig = await lineRig({
      publish: ({ responder }) => (responder === 'ana' ? 'undeliverable' : 'sent'),
    });
    const reminder = samplePage({ id: '2', channel: 'email', status: 'waiting', owedAt: START_MS });
    const first = waitingAlert('cpu');
    const cpu = { ...first, pages: [...first.pages, reminder], pageCount: 2 };
    const disk = waitingAlert('disk');
    for (const alert of [cpu, disk]) await rig.ports.alerts.write(alert);
    const line = [waiting(cpu), waiting(disk), waiting(cpu, cpu.pages[1]!)];
    await settleAlerts(
      line,
      ({ alert }) =>
        alert.id === 'disk' ? { kind: 'sent', at: START_MS } : { kind: 'undeliverable', reason: 'opted out' },
      rig.ports,
    );
    expect(await rig.page('disk')).toMatchObject({ status: 'sent', settledAt: START_MS });
    expect((await rig.ports.alerts.read('disk'))!.version).toBe(2);
    const { pages } = (await rig.ports.alerts.read('cpu'))!;
    expect(pages.map(({ responder, channel, status }) => `${responder} ${channel} ${status}`)).toEqual([
      'ana sms undeliverable',
      'ana email undeliverable',
      'ben sms sent',
      'ben email sent',
    ]);
  });

  it('settles the others beside one that cannot be settled, and says so', async () => {
    const rig = await lineRig();
    const [bad, disk] = [waitingAlert('bad'), waitingAlert('disk')];
    for (const alert of [bad, disk]) await rig.ports.alerts.write(alert);
    failFor(rig, 'bad', new Error('not an alert'));
    await settleAlerts([waiting(bad), waiting(disk)], () => ({ kind: 'sent', at: START_MS }), rig.ports);
    expect(await rig.page('disk')).toMatchObject({ status: 'sent' });
    expect(rig.warnings).toEqual(['alert bad could not be settled']);
  });

  it('has the turn come again when the table fails', async () => {
    const rig = await lineRig();
    const cpu = waitingAlert('cpu');
    await rig.ports.alerts.write(cpu);
    const error = Object.assign(new Error('throttled'), { $metadata: {} });
    failFor(rig, 'cpu', error);
    const settling = settleAlerts([waiting(cpu)], () => ({ kind: 'sent', at: START_MS }), rig.ports);
    await expect(settling).rejects.toBe(error);
  });

  it('leaves an alert alone that is gone', async () => {
    const rig = await lineRig();
    await settleAlerts([waiting(waitingAlert('cpu'))], () => ({ kind: 'unsent' }), rig.ports);
    expect(await rig.items()).toEqual([]);
  });
});
