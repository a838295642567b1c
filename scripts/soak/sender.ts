/** Sends what fires to the world, and again until it is answered with 2xx, as EventBridge and other senders do. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Accepted, Triggers } from './account.ts';
import type { Change, Traffic } from './traffic.ts';

/** Alarms are evaluated together: so many times a second a batch of them changes. */
const BATCHES_PER_S = 5;
const PAUSE_MS = 500;
/** While nobody answers, no more alarms change than in this time: they would all be sent at once. */
const UNDER_WAY_MOST_S = 2;
/** Of a request to a process that was killed in the middle of it. */
const REQUEST_MOST_MS = 15_000;

/** What another sender watches: each fires and is over in turn, one of them each second. */
const WEBHOOK_KEYS = 40;
/** Each that is not answered is sent again and again: without an end to it they would keep the world from coming back. */
const WEBHOOKS_UNDER_WAY_MOST = 5;
export const WEBHOOK_SENDER = 'soak';

type Request = { path: string; body: unknown };

export class Sender {
  readonly signals: Accepted[] = [];
  readonly webhooks = new Map<string, Triggers>();
  /** requests that were not answered with 2xx, and were sent again */
  repeats = 0;
  private readonly underWay = new Set<Promise<void>>();
  private alarmsUnderWay = 0;
  private webhooksUnderWay = 0;
  private webhooksSent = 0;
  private readonly firing = new Set<string>();
  private isEnded = false;
  /** what made it end before it was told to */
  private failure: unknown;

  private readonly url: () => string;
  private readonly traffic: Traffic;
  private readonly routingKey: string;
  private readonly isBehind: () => boolean;

  /** @param isBehind  whether the world has enough to do already */
  constructor(url: () => string, traffic: Traffic, routingKey: string, isBehind: () => boolean) {
    this.url = url;
    this.traffic = traffic;
    this.routingKey = routingKey;
    this.isBehind = isBehind;
  }

  /**
   * Sends until it is told to end, and then until everything is accepted.
   * @throws Error when a request was refused for good
   */
  async run(rate: number): Promise<void> {
    const startMs = Date.now();
    const upTo = (batch: number) => Math.floor((rate * batch) / BATCHES_PER_S);
    for (let batch = 1; !this.isEnded; batch++) {
      const hasRoom = !this.isBehind() && this.alarmsUnderWay < rate * UNDER_WAY_MOST_S;
      const changes = hasRoom ? this.traffic.change(Date.now(), upTo(batch) - upTo(batch - 1)) : [];
      if (changes.length > 0) this.follow(this.sendAlarms(changes));
      if (batch % BATCHES_PER_S === 0 && hasRoom && this.webhooksUnderWay < WEBHOOKS_UNDER_WAY_MOST)
        this.follow(this.sendWebhook());
      await sleep(Math.max(0, startMs + (batch * 1_000) / BATCHES_PER_S - Date.now()));
    }
    // One that was refused stands for all: the others may wait for a world that is gone.
    if (this.failure === undefined) await Promise.all(this.underWay);
    if (this.failure !== undefined) throw this.failure;
  }

  end(): void {
    this.isEnded = true;
  }

  private async sendAlarms(changes: readonly Change[]): Promise<void> {
    const body = changes.map(({ name, state, at }) => ({
      alarmName: name,
      state,
      at,
      reason: state === 'ALARM' ? 'Threshold Crossed: 3 datapoints were greater than 80' : 'Back to normal',
      metric: { namespace: 'Soak', name: 'Load', dimensions: { Alarm: name }, periodS: 60 },
      threshold: { operator: '>', value: 80, datapoints: 3, periods: 5 },
    }));
    this.alarmsUnderWay += changes.length;
    const { sentAt, acceptedAt } = await this.untilAccepted({ path: '/world/alarms', body });
    this.alarmsUnderWay -= changes.length;
    for (const change of changes) {
      this.signals.push({ ...change, sentAt, acceptedAt });
      this.traffic.accepted(change, acceptedAt);
    }
  }

  private async sendWebhook(): Promise<void> {
    const key = `disk-${this.webhooksSent++ % WEBHOOK_KEYS}`;
    this.webhooksUnderWay += 1;
    const fires = !this.firing.has(key);
    if (fires) this.firing.add(key);
    else this.firing.delete(key);
    const { attempts } = await this.untilAccepted({
      path: '/v2/enqueue',
      body: {
        routing_key: this.routingKey,
        event_action: fires ? 'trigger' : 'resolve',
        dedup_key: key,
        payload: { summary: `${key} is full`, source: 'soak', severity: 'warning' },
      },
    });
    this.webhooksUnderWay -= 1;
    if (!fires) return;
    const name = `${WEBHOOK_SENDER}/${key}`;
    const before = this.webhooks.get(name) ?? { accepted: 0, attempts: 0 };
    this.webhooks.set(name, { accepted: before.accepted + 1, attempts: before.attempts + attempts });
  }

  private async untilAccepted({ path, body }: Request) {
    for (let attempts = 1; ; attempts++) {
      const sentAt = Date.now();
      const isAccepted = await fetch(new URL(path, this.url()), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(REQUEST_MOST_MS),
      }).then(
        async (answer) => {
          await answer.arrayBuffer();
          if (answer.status >= 400 && answer.status < 429)
            throw new Error(`${path} answered ${answer.status}`);
          return answer.ok;
        },
        // Nobody is there, or the connection broke.
        () => false,
      );
      if (isAccepted) return { attempts, sentAt, acceptedAt: Date.now() };
      this.repeats += 1;
      await sleep(PAUSE_MS);
    }
  }

  private follow(work: Promise<void>): void {
    const followed = work
      .catch((error: unknown) => {
        this.failure ??= error;
        this.end();
      })
      .finally(() => this.underWay.delete(followed));
    this.underWay.add(followed);
  }
}
