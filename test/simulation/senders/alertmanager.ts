/**
 * Speaks as Alertmanager does: an alert is its labels, so that one whose severity rises ends, and another begins; what
 * changes at one instant is one webhook; each waits until the one before it was taken or refused; and what was refused
 * with 4xx is told anew by the group's next turn, unless it has changed meanwhile.
 * Source: Alertmanager's documentation, webhook_config, version 4; its notifier for webhooks. That what was refused is told
 * anew after group_interval was not read in its dispatcher (unconfirmed).
 */
import { createHash } from 'node:crypto';
import { ALERTMANAGER_ROUTE } from '../../../functions/intake/contract.ts';
import type { Task } from '../../../local/clock.ts';
import { type Letter, post, type SenderEvent } from './letter.ts';

type Alert = { labels: Readonly<Record<string, string>>; startsAt: number; endsAt?: number };

/** Its default group_interval. */
const GROUP_INTERVAL_MS = 5 * 60_000;

type World = { nowMs(): number; at(atMs: number, task: Task): void };

type Send = (letter: Letter, done: (isTaken: boolean) => void | Promise<void>) => Promise<void>;

/** @param send  tells `done` when the letter was taken, or refused for good */
export function openAlertmanager(sender: string, world: World, send: Send) {
  /** by the story's key */
  const firing = new Map<string, Alert>();
  /** what has changed at this instant, and what was refused, by fingerprint */
  const untold = new Map<string, Alert>();
  const refused = new Map<string, Alert>();
  const waiting: (readonly Alert[])[] = [];

  function tell({ action, key, severity = 'critical', class: kind }: SenderEvent): void {
    // It has no word for it.
    if (action === 'acknowledge') return;
    const nowMs = world.nowMs();
    if (untold.size === 0) world.at(nowMs, flush);
    const change = (alert: Alert) => {
      untold.set(fingerprintOf(alert), alert);
      refused.delete(fingerprintOf(alert));
    };
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

  function flush(): void | Promise<void> {
    const alerts = [...untold.values()];
    untold.clear();
    // What does not fire cannot end.
    if (alerts.length === 0) return;
    waiting.push(alerts);
    if (waiting.length === 1) return sendFirst();
  }

  function sendFirst(): Promise<void> {
    const alerts = waiting[0]!;
    return send(letterOf(sender, alerts), (isTaken) => {
      waiting.shift();
      if (!isTaken) keepRefused(alerts);
      if (waiting.length > 0) return sendFirst();
    });
  }

  function keepRefused(alerts: readonly Alert[]): void {
    const changed = new Set([...untold.values(), ...waiting.flat()].map(fingerprintOf));
    for (const alert of alerts)
      if (!changed.has(fingerprintOf(alert))) refused.set(fingerprintOf(alert), alert);
    world.at(world.nowMs() + GROUP_INTERVAL_MS, () => {
      for (const [fingerprint, alert] of refused) untold.set(fingerprint, alert);
      refused.clear();
      return flush();
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
