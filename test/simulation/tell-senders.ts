/** The senders of a story: one speaks PagerDuty's Events API, one Alertmanager's webhook; each has a key, and exchanges it. */

import type { CommandAnswer } from '../../functions/console/operate.ts';
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from '../../functions/intake/contract.ts';
import type { HttpRequest, HttpResponse } from '../../local/functions/http.ts';
import type { Refusal, SentSignal } from './run.ts';
import type { Story, StoryEvent } from './story.ts';

const MINUTE_MS = 60_000;

/** A sender that is refused for now tries again after so long, as PagerDuty's clients do. */
const SEND_AGAIN_MS = 10_000;

/** Its key is exchanged while it has more to say, and it changes over before the old one ends. */
const OVERLAP_MINUTES = 30;
const CHANGES_OVER_MS = 20 * MINUTE_MS;

const SPEAKS_ALERTMANAGER = 'grafana';

type SenderEvent = Extract<StoryEvent, { kind: 'event' }>;

type World = {
  nowMs(): number;
  at(atMs: number, act: () => unknown): void;
  request(request: HttpRequest): Promise<HttpResponse>;
};

/** `goodUntil`: nobody has ended it before that, in epoch milliseconds */
type SenderKey = { secret: string; goodUntil: number };

/**
 * @param operate  a command of the operator; undefined when it failed
 * @throws Error when a key cannot be made, before anything goes wrong
 */
export async function openSenders(
  { events, startMs }: Story,
  world: World,
  operate: (command: object) => Promise<CommandAnswer | undefined>,
) {
  const signals: SentSignal[] = [];
  const refusals: Refusal[] = [];
  const keys = new Map<string, SenderKey>();
  const secrets: { of: string; text: string }[] = [];
  const keep = (sender: string, secret: string) => {
    keys.set(sender, { secret, goodUntil: Number.POSITIVE_INFINITY });
  };
  const learn = (sender: string, secret: string) => {
    secrets.push({ of: `a key of ${sender}`, text: secret });
    return secret;
  };

  const said = events.filter((event) => event.kind === 'event');
  for (const sender of new Set(said.map((event) => event.sender))) {
    const made = await operate({ command: 'keys-add', name: sender, by: 'cli:simulator' });
    if (made?.kind !== 'ok' || !('secret' in made))
      throw new Error(`no key for ${sender}: ${JSON.stringify(made)}`);
    keep(sender, learn(sender, made.secret));
    const moments = said.filter((event) => event.sender === sender).map(({ at }) => at);
    const middle = moments[Math.floor(moments.length / 2)]!;
    world.at(startMs + Math.max(0, middle - MINUTE_MS), () => exchange(sender));
  }

  /** What fails may have been done: from then on the old key may end. */
  async function exchange(sender: string): Promise<void> {
    const key = keys.get(sender)!;
    key.goodUntil = Math.min(key.goodUntil, world.nowMs() + OVERLAP_MINUTES * MINUTE_MS);
    const command = { command: 'keys-rotate', name: sender, overlapMinutes: OVERLAP_MINUTES };
    const made = await operate({ ...command, by: 'cli:simulator' });
    if (made?.kind !== 'ok' || !('secret' in made))
      return world.at(world.nowMs() + MINUTE_MS, () => exchange(sender));
    const secret = learn(sender, made.secret);
    world.at(world.nowMs() + CHANGES_OVER_MS, () => keep(sender, secret));
  }

  const firing = new Map<string, { severity: string | undefined; since: number }>();

  /** Since when it fires, as Alertmanager tells: another severity is another label, and begins anew. */
  function since({ sender, key, severity, action }: SenderEvent, nowMs: number): number {
    const name = `${sender}/${key}`;
    const before = firing.get(name);
    if (action === 'resolve') firing.delete(name);
    else if (before?.severity !== severity) firing.set(name, { severity, since: nowMs });
    return firing.get(name)?.since ?? before?.since ?? nowMs;
  }

  async function send(event: SenderEvent, startsAt: number, nowMs: number): Promise<void> {
    const { sender, action, key } = event;
    const saidAt = action === 'trigger' ? startsAt : nowMs;
    const { secret, goodUntil } = keys.get(sender)!;
    const { status } = await world.request(
      sender === SPEAKS_ALERTMANAGER
        ? alertmanagerWebhook(event, startsAt, saidAt, secret)
        : pagerDutyEvent(event, saidAt, secret),
    );
    if (status >= 200 && status < 300) {
      const state = ({ trigger: 'alarm', resolve: 'ok', acknowledge: 'acknowledge' } as const)[action];
      signals.push({ at: world.nowMs(), name: `${sender}/${key}`, state, saidAt });
      return;
    }
    if (world.nowMs() < goodUntil) refusals.push({ at: world.nowMs(), sender, status });
    world.at(world.nowMs() + SEND_AGAIN_MS, () => send(event, startsAt, nowMs));
  }

  return {
    signals,
    refusals,
    secrets,
    tell(event: SenderEvent): Promise<void> | void {
      const nowMs = world.nowMs();
      if (event.sender !== SPEAKS_ALERTMANAGER) return send(event, nowMs, nowMs);
      // It has no word for it.
      if (event.action === 'acknowledge') return;
      return send(event, since(event, nowMs), nowMs);
    },
  };
}

function pagerDutyEvent(
  { action, key, severity = 'critical', class: kind }: SenderEvent,
  saidAt: number,
  secret: string,
) {
  const body = {
    routing_key: secret,
    event_action: action,
    dedup_key: key,
    ...(action === 'trigger' && {
      payload: {
        summary: `${key} is broken`,
        source: 'simulator',
        severity,
        timestamp: new Date(saidAt).toISOString(),
        ...(kind && { class: kind }),
      },
    }),
  };
  return post(PAGERDUTY_ROUTE, body);
}

/** Source: Alertmanager's documentation, webhook_config; version 4 */
function alertmanagerWebhook(
  { action, key, severity = 'critical', class: kind }: SenderEvent,
  startsAt: number,
  saidAt: number,
  secret: string,
) {
  const alert = {
    status: action === 'trigger' ? 'firing' : 'resolved',
    labels: { alertname: key, source: 'simulator', severity, ...(kind && { class: kind }) },
    annotations: { summary: `${key} is broken` },
    startsAt: new Date(startsAt).toISOString(),
    endsAt: action === 'trigger' ? '0001-01-01T00:00:00Z' : new Date(saidAt).toISOString(),
    generatorURL: 'https://grafana.example.com/alerting/list',
    fingerprint: key,
  };
  const body = { version: '4', status: alert.status, receiver: 'tocsin', alerts: [alert] };
  return post(ALERTMANAGER_ROUTE, body, { authorization: `Bearer ${secret}` });
}

function post(path: string, body: object, headers: Record<string, string> = {}) {
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
