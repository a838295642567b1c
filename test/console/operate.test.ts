import { describe, expect, it } from 'vitest';
import { type AlertFeed, alertFeed } from '../../functions/alerts/feed.store.ts';
import { type OperatePorts, operate } from '../../functions/console/operate.ts';
import { auditStore } from '../../functions/doctor/audit.store.ts';
import { integrationKeyStore } from '../../functions/intake/integration-key.store.ts';
import type { OwnMessage } from '../../functions/intake/own-signal.ts';
import { alertId } from '../../functions/shared/table.ts';
import { pagingRig } from '../support/paging-rig.ts';
import { realTables } from '../support/real-table.ts';
import { sampleAlert } from '../support/sample-alert.ts';
import { MINUTE_MS, START_MS } from '../support/story.ts';

const freshTable = realTables();

const CPU = alertId('cpu');
const TOPICS = {
  responderTopicArnPrefix: 'arn:aws:sns:eu-west-1:123456789012:tocsin-responder-',
  watchersTopicArn: 'arn:aws:sns:eu-west-1:123456789012:tocsin-watchers',
};

async function openAlert(more: Partial<OperatePorts> = {}) {
  const table = await freshTable();
  const rig = pagingRig(table);
  await rig.signal(0, 'cpu', 'alarm');
  await rig.signal(0.5, 'disk', 'alarm', { severity: 'warning' });
  const queued: OwnMessage[] = [];
  const confirmed: string[][] = [];
  const ports: OperatePorts = {
    ...rig.ports,
    feed: alertFeed(table),
    audits: auditStore(table),
    integrationKeys: integrationKeyStore(table),
    signals: { send: async (messages) => void queued.push(...messages) },
    subscriptions: {
      confirm: async (...link) => {
        confirmed.push(link);
        return true;
      },
    },
    topics: TOPICS,
    ...more,
  };
  return { rig, queued, confirmed, send: (command: unknown) => operate(command, ports) };
}

describe('operate', () => {
  it('lists the open alerts, the latest first, and the ended ones, each with how many there are', async () => {
    const { rig, send } = await openAlert();
    await rig.signal(1, 'memory', 'alarm');
    await rig.answer(2, 'memory', 'resolve', 'ana');
    await rig.runTo(4);
    expect(await send({ command: 'list' })).toMatchObject({
      kind: 'ok',
      alerts: [{ dedupKey: 'disk' }, { dedupKey: 'cpu' }],
      total: 2,
    });
    expect(await send({ command: 'list', ended: true })).toMatchObject({
      kind: 'ok',
      alerts: [{ dedupKey: 'memory', status: 'resolved' }],
      total: 1,
    });
    expect(await send({ command: 'list', limit: 1 })).toMatchObject({
      alerts: [{ dedupKey: 'disk' }],
      total: 2,
    });
  });

  it('lists the alert after the latest one, and finds it by the beginning of its id', async () => {
    const { send } = await openAlert();
    expect(await send({ command: 'list', limit: 1, skip: 1 })).toMatchObject({
      alerts: [{ dedupKey: 'cpu' }],
      total: 2,
    });
    expect(await send({ command: 'list', skip: 2 })).toMatchObject({ alerts: [], total: 2 });
    expect(await send({ command: 'find', prefix: CPU.slice(0, 6) })).toEqual({
      kind: 'ok',
      ids: [CPU],
      isAll: true,
    });
  });

  it('lists as many of 200 alerts of 60 KB as one answer of Lambda holds, and how many there are', async () => {
    const detail = { title: 'wide', description: 'x'.repeat(60_000) };
    const alerts = Array.from({ length: 200 }, (_, n) => sampleAlert({ id: String(n), detail }));
    const feed = { list: async () => alerts, count: async () => 20_000 } as unknown as AlertFeed;
    const { send } = await openAlert({ feed });
    const answer = await send({ command: 'list' });
    if (!('alerts' in answer)) throw new Error('no list');
    expect(answer).toMatchObject({ total: 20_000, atLeast: true });
    expect(answer.alerts.map(({ id }) => Number(id))).toEqual(answer.alerts.map((_, n) => n));
    expect(answer.alerts.length).toBeGreaterThan(75);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(5_100_000);
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

  it('snoozes for 90 minutes, with the reason', async () => {
    const { rig, send } = await openAlert();
    const command = { command: 'snooze', id: CPU, by: 'cli:sam', minutes: 90, reason: 'vendor is on it' };
    const until = rig.at() + 90 * MINUTE_MS;
    expect(await send(command)).toMatchObject({
      outcome: 'snoozed',
      alert: { holds: { snoozed: { until, by: 'cli:sam', reason: 'vendor is on it' } } },
    });
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

  it('raises an alert through the intake queue, and answers with its key and id', async () => {
    const { send, queued } = await openAlert();
    const answer = await send({ command: 'alert', by: 'cli:sam', title: 'late', key: 'backup' });
    expect(answer).toEqual({ kind: 'ok', key: 'backup', alert: alertId('cli:backup') });
    expect(queued).toMatchObject([{ signal: { detail: { title: 'late' }, state: 'alarm' } }]);
  });

  it('adds a key with the address to send to, lists it without the secret, and revokes it', async () => {
    const { send } = await openAlert();
    const made = await send({ command: 'keys-add', name: 'grafana', by: 'cli:sam' });
    if (!('secret' in made)) throw new Error('no key');
    expect(made).toMatchObject({ url: 'https://answer.example.com', added: { name: 'grafana' } });
    const listed = await send({ command: 'keys-list' });
    expect(listed).toMatchObject({ keys: [{ id: made.added.id, createdBy: 'cli:sam' }] });
    expect(JSON.stringify(listed)).not.toContain(made.secret);
    expect(await send({ command: 'keys-revoke', id: made.added.id, by: 'cli:sam' })).toMatchObject({
      keys: [{ revokedBy: 'cli:sam' }],
    });
  });

  it('starts, lists and ends a window', async () => {
    const { rig, send } = await openAlert();
    const started = await send({
      command: 'window-start',
      hold: 'maintenance',
      match: { labels: { team: 'shop' } },
      minutes: 60,
      reason: 'new database',
      by: 'cli:sam',
    });
    if (!('window' in started)) throw new Error(JSON.stringify(started));
    const { id } = started.window;
    expect(started.window).toMatchObject({ active: true, until: rig.at() + 60 * MINUTE_MS });
    expect(await send({ command: 'window-list' })).toMatchObject({
      windows: [{ id, reason: 'new database' }],
    });
    expect(await send({ command: 'window-end', id, by: 'cli:sam' })).toMatchObject({ window: { id } });
    expect(await send({ command: 'window-list' })).toEqual({ kind: 'ok', windows: [] });
  });

  it('lists contacts, tries one out, and confirms a link', async () => {
    const { rig, send, confirmed } = await openAlert();
    await rig.runTo(3);
    const { responders } = rig.ports.operations;
    const [responder] = Object.keys(responders);
    const before = rig.sent.length;
    expect(await send({ command: 'contacts-list' })).toMatchObject({
      contacts: expect.arrayContaining([expect.objectContaining({ responder, state: 'unknown' })]),
    });
    expect(
      await send({ command: 'contacts-verify', responder, channel: 'sms', by: 'cli:sam' }),
    ).toMatchObject({
      sent: [{ responder, channel: 'sms' }],
      failed: [],
    });
    expect(rig.sent.slice(before)).toMatchObject([{ responder, channel: 'sms' }]);
    const topic = `${TOPICS.responderTopicArnPrefix}${responder}`;
    const link = `https://sns.eu-west-1.amazonaws.com/confirmation.html?TopicArn=${topic}&Token=${'a'.repeat(64)}&Endpoint=x@example.com`;
    expect(await send({ command: 'contacts-confirm', link, by: 'cli:sam' })).toMatchObject({ kind: 'ok' });
    expect(confirmed).toEqual([[topic, 'a'.repeat(64)]]);
  });

  it('tells the procedures as they stand now, and its own time', async () => {
    const { send, rig } = await openAlert();
    await rig.ports.situation.change((situation) => ({
      ...situation,
      unreachable: [{ responder: 'ana', channel: 'sms', reason: 'opted out', since: START_MS }],
    }));
    expect(await send({ command: 'operations' })).toMatchObject({
      operations: { responders: { ana: { unreachable: { sms: 'opted out' } } } },
      nowMs: rig.at(),
    });
  });

  it.each([
    [undefined, 'does not know that command'],
    ['list', 'does not know that command'],
    [{}, 'does not know that command'],
    [{ command: 'delete', id: CPU }, 'does not know that command'],
    [{ command: 'acknowledge', id: CPU }, 'by: missing, or of another kind'],
    [{ command: 'acknowledge', id: CPU, by: '' }, 'by: at least 1 characters'],
    [{ command: 'acknowledge', id: CPU, by: 'x'.repeat(101) }, 'by: at most 100 characters'],
    [{ command: 'list', limit: 0 }, 'limit: at least 1'],
    [{ command: 'list', limit: 201 }, 'limit: at most 200'],
    [{ command: 'alert', by: 'cli:sam', title: 'x'.repeat(251) }, 'title: at most 250 characters'],
    [
      { command: 'alert', by: 'cli:sam', title: 'x', severity: 'high' },
      'severity: one of critical, warning, info',
    ],
    [{ command: 'snooze', id: CPU, by: 'cli:sam', minutes: 43_201, reason: 'x' }, 'minutes: at most 43200'],
  ])('rejects %j, naming what to mend', async (command, message) => {
    const { send } = await openAlert();
    expect(await send(command)).toEqual({ kind: 'rejected', message: expect.stringContaining(message) });
  });
});
