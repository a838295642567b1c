/** The senders of a story: one speaks PagerDuty's Events API, one Alertmanager's webhook; each has a key, and exchanges it. */

import type { CommandAnswer } from '../../functions/console/operate.ts';
import type { Task } from '../../local/clock.ts';
import type { HttpRequest, HttpResponse } from '../../local/functions/http.ts';
import type { KeyTimes, SenderRequest, SentSignal } from './run.ts';
import { openAlertmanager } from './senders/alertmanager.ts';
import type { Letter, SenderEvent } from './senders/letter.ts';
import { pagerDutyLetter } from './senders/pagerduty.ts';
import type { Story } from './story.ts';

const MINUTE_MS = 60_000;

/** A sender that is refused for now tries again after so long, as PagerDuty's clients do. */
const SEND_AGAIN_MS = 10_000;

/** Its key is exchanged while it has more to say. */
const OVERLAP_MINUTES = 30;
const OVERLAP_MS = OVERLAP_MINUTES * MINUTE_MS;

/** It changes over before the old key ends; who forgets to, says something in between. */
const CHANGES_OVER_MS = 20 * MINUTE_MS;
const FORGETS_UNTIL_MS = 40 * MINUTE_MS;

const SPEAKS_ALERTMANAGER = 'grafana';

type World = {
  nowMs(): number;
  at(atMs: number, task: Task): void;
  request(request: HttpRequest): Promise<HttpResponse>;
};

type SenderKey = { secret: string; times: KeyTimes };

/**
 * @param operate  a command of the operator; undefined when it failed
 * @throws Error when a key cannot be made, before anything goes wrong
 */
export async function openSenders(
  { seed, events, startMs }: Story,
  world: World,
  operate: (command: object) => Promise<CommandAnswer | undefined>,
) {
  const signals: SentSignal[] = [];
  const requests: SenderRequest[] = [];
  const keys = new Map<string, SenderKey>();
  const secrets: { of: string; text: string }[] = [];
  const keep = (sender: string, secret: string) => {
    const never = Number.POSITIVE_INFINITY;
    keys.set(sender, { secret, times: { goodUntil: never, endedFrom: never } });
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
    // Of three stories one each has the one and the other forget it.
    const forgets = (seed + (sender === SPEAKS_ALERTMANAGER ? 1 : 0)) % 3 === 0;
    const [beforeMs, changesOverMs] = forgets
      ? [OVERLAP_MS + MINUTE_MS, FORGETS_UNTIL_MS]
      : [MINUTE_MS, CHANGES_OVER_MS];
    world.at(startMs + Math.max(0, middle - beforeMs), () => exchange(sender, changesOverMs));
  }

  /** What fails may have been done: from then on the old key may end. */
  async function exchange(sender: string, changesOverMs: number): Promise<void> {
    const { times } = keys.get(sender)!;
    times.goodUntil = Math.min(times.goodUntil, world.nowMs() + OVERLAP_MS);
    const command = { command: 'keys-rotate', name: sender, overlapMinutes: OVERLAP_MINUTES };
    const made = await operate({ ...command, by: 'cli:simulator' });
    if (made?.kind !== 'ok' || !('secret' in made))
      return world.at(world.nowMs() + MINUTE_MS, () => exchange(sender, changesOverMs));
    times.endedFrom = world.nowMs() + OVERLAP_MS;
    const secret = learn(sender, made.secret);
    world.at(world.nowMs() + changesOverMs, () => keep(sender, secret));
  }

  /** @param done  it was taken, or it is not sent again */
  async function send(
    letter: Letter,
    done?: (isTaken: boolean) => void | Promise<void>,
    firstAt = world.nowMs(),
  ): Promise<void> {
    const { sender } = letter;
    const { secret, times } = keys.get(sender)!;
    const at = world.nowMs();
    const { status } = await world.request(letter.request(secret));
    const answeredAt = world.nowMs();
    requests.push({ sender, key: times, firstAt, at, answeredAt, status });
    const isTaken = status >= 200 && status < 300;
    if (isTaken) signals.push(...letter.signals.map((signal) => ({ ...signal, at: answeredAt })));
    if (!isTaken && letter.isSentAgainAfter(status))
      return world.at(answeredAt + SEND_AGAIN_MS, () => send(letter, done, firstAt));
    return done?.(isTaken);
  }

  const alertmanager = openAlertmanager(SPEAKS_ALERTMANAGER, world, send);

  return {
    signals,
    requests,
    secrets,
    tell(event: SenderEvent): void | Promise<void> {
      if (event.sender === SPEAKS_ALERTMANAGER) return alertmanager.tell(event);
      return send(pagerDutyLetter(event, world.nowMs()));
    },
  };
}
