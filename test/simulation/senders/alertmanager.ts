/**
 * Speaks as Alertmanager does: an alert is its labels, so that one whose severity rises ends, and another begins; what
 * changes at one instant is one webhook; each waits until the one before it was taken or refused.
 * Source: Alertmanager's documentation, webhook_config, version 4
 */
import { createHash } from 'node:crypto';
import { ALERTMANAGER_ROUTE } from '../../../functions/intake/contract.ts';
import type { Task } from '../../../local/clock.ts';
import { type Letter, post, type SenderEvent } from './letter.ts';

type Alert = { labels: Readonly<Record<string, string>>; startsAt: number; endsAt?: number };

type World = { nowMs(): number; at(atMs: number, task: Task): void };

/** @param send  tells `done` when the letter was taken, or refused for good */
export function openAlertmanager(world: World, send: (letter: Letter, done: Task) => Promise<void>) {
  /** by the story's key */
  const firing = new Map<string, Alert>();
  /** what has changed at this instant, by fingerprint */
  const untold = new Map<string, Alert>();
  const waiting: Letter[] = [];

  function tell({ sender, action, key, severity = 'critical', class: kind }: SenderEvent): void {
    // It has no word for it.
    if (action === 'acknowledge') return;
    const nowMs = world.nowMs();
    if (untold.size === 0) world.at(nowMs, () => flush(sender));
    const change = (alert: Alert) => void untold.set(fingerprintOf(alert), alert);
    const labels = { alertname: key, source: 'simulator', severity, ...(kind && { class: kind }) };
    const before = firing.get(key);
    const goesOn = before && action === 'trigger' && fingerprintOf(before) === fingerprintOf({ labels });
    if (before && !goesOn) change({ ...before, endsAt: nowMs });
    firing.delete(key);
    if (action === 'resolve') return;
    const alert = goesOn ? before : { labels, startsAt: nowMs };
    firing.set(key, alert);
    change(alert);
  }

  function flush(sender: string): void | Promise<void> {
    const alerts = [...untold.values()];
    untold.clear();
    // What does not fire cannot end.
    if (alerts.length === 0) return;
    waiting.push(letterOf(sender, alerts));
    if (waiting.length === 1) return sendFirst();
  }

  function sendFirst(): Promise<void> {
    return send(waiting[0]!, () => {
      waiting.shift();
      if (waiting.length > 0) return sendFirst();
    });
  }

  return { tell };
}

function letterOf(sender: string, alerts: readonly Alert[]): Letter {
  const isFiring = alerts.some(({ endsAt }) => endsAt === undefined);
  const status = isFiring ? 'firing' : 'resolved';
  const body = { version: '4', status, receiver: 'tocsin', alerts: alerts.map(written) };
  return {
    sender,
    signals: alerts.map((alert) => ({
      name: `${sender}/${fingerprintOf(alert)}`,
      state: alert.endsAt === undefined ? 'alarm' : 'ok',
      saidAt: alert.endsAt ?? alert.startsAt,
    })),
    request: (secret) => post(ALERTMANAGER_ROUTE, body, { authorization: `Bearer ${secret}` }),
    // Source: its notifier for webhooks
    isSentAgainAfter: (status) => status >= 500,
  };
}

function written(alert: Alert): object {
  const { labels, startsAt, endsAt } = alert;
  return {
    status: endsAt === undefined ? 'firing' : 'resolved',
    labels,
    annotations: { summary: `${labels.alertname} is broken` },
    startsAt: new Date(startsAt).toISOString(),
    endsAt: endsAt === undefined ? '0001-01-01T00:00:00Z' : new Date(endsAt).toISOString(),
    generatorURL: 'https://grafana.example.com/alerting/list',
    fingerprint: fingerprintOf(alert),
  };
}

/** A hash of the labels, as Alertmanager's; with the name before it, so that violations can be read. */
function fingerprintOf({ labels }: Pick<Alert, 'labels'>): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(Object.entries(labels)))
    .digest('hex');
  return `${labels.alertname}-${hash.slice(0, 8)}`;
}
