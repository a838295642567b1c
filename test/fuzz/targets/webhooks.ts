/** Webhooks: bodies of PagerDuty's events and of Alertmanager, and the requests that carry them. */
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from '../../../functions/intake/contract.ts';
import type { IntegrationKeyStore } from '../../../functions/intake/integration-key.store.ts';
import { hashOf, type IntegrationKey, isKeyOf } from '../../../functions/intake/integration-key.ts';
import { receiveWebhook, type WebhookPorts } from '../../../functions/intake/receive-webhook.ts';
import { signalQueue } from '../../../functions/intake/signal.queue.ts';
import type { WebhookRequest } from '../../../functions/intake/webhook-format.ts';
import { acknowledge, alertmanagerAlert, trigger, webhook } from '../../intake/sample-webhooks.ts';
import type { Chance } from '../chance.ts';
import { checkWellFormed } from '../check-text.ts';
import { FUZZ_NOW } from '../fuzz-team.ts';
import { hostileText, sizeOf } from '../hostile-values.ts';
import { mutate, mutateText } from '../mutate.ts';
import { sqsThatChecks } from '../sqs-that-checks.ts';
import { type Outcome, promise, type Target } from '../target.ts';
import { feedSignal } from './signals.ts';

/** The sample's own. */
const SECRET = 'R'.repeat(32);

const ANSWER_BYTES_MOST = 64 * 1024;
const STATUSES = [200, 202, 400, 401, 404, 405, 413, 429];

const SAMPLES: readonly (() => unknown)[] = [
  () => trigger(),
  () => acknowledge(),
  () => ({ ...acknowledge(), event_action: 'resolve' }),
];

/** Of a storm's thousands of alerts so many are followed to their pages. */
const FOLLOWED_MOST = 3;

const queued: string[] = [];
const ports: WebhookPorts = {
  integrationKeys: keysInMemory(),
  signals: signalQueue(
    sqsThatChecks((body) => void queued.push(body)),
    'https://sqs.example.com/intake',
  ),
  nowMs: () => FUZZ_NOW,
  warn: (message, error) => {
    throw new Error(message, { cause: error });
  },
};

/** One key, and no count: the store itself costs a thousand times what is tested here, and has tests of its own. */
function keysInMemory(): IntegrationKeyStore {
  const { id, hash } = hashOf(SECRET)!;
  const key: IntegrationKey = { id, name: 'grafana', hash, createdAt: 0, createdBy: 'cli:ana' };
  const find = async (secret: string) => {
    const asked = hashOf(secret);
    return asked && isKeyOf(asked.hash, key) ? key : undefined;
  };
  return {
    find,
    countRequest: async () => 1,
    noteUse: async () => {},
  } as Partial<IntegrationKeyStore> as IntegrationKeyStore;
}

function make(chance: Chance): WebhookRequest {
  const isPagerDuty = chance.isOne(0.5);
  const alerts = Array.from({ length: chance.isOne(0.01) ? sizeOf(chance) : 1 + chance.whole(3) }, () =>
    chance.isOne(0.5) ? mutate(alertmanagerAlert(), chance) : alertmanagerAlert(),
  );
  const request: WebhookRequest = isPagerDuty
    ? {
        method: 'POST',
        path: PAGERDUTY_ROUTE,
        body: mutateText(chance.pick(SAMPLES)(), chance),
        routingKey: SECRET,
      }
    : {
        method: 'POST',
        path: ALERTMANAGER_ROUTE,
        body: chance.isOne(0.5) ? JSON.stringify(webhook(...alerts)) : mutateText(webhook(...alerts), chance),
        authorization: `Bearer ${SECRET}`,
      };
  if (!chance.isOne(0.1)) return request;
  const part = chance.pick(['method', 'path', 'authorization', 'routingKey', 'body'] as const);
  return { ...request, [part]: chance.pick([hostileText(chance), `Basic ${hostileText(chance)}`]) };
}

function post(body: unknown): WebhookRequest {
  const authorization = `Bearer ${SECRET}`;
  return { method: 'POST', path: ALERTMANAGER_ROUTE, body: JSON.stringify(body), authorization };
}

async function feed(request: WebhookRequest, isFollowed: boolean): Promise<Outcome> {
  queued.length = 0;
  const { status, body, messages = 0 } = await receiveWebhook(request, ports);
  promise(STATUSES.includes(status), `it is answered with a status that is documented, not ${status}`);
  const answer = JSON.stringify(body);
  promise(
    Buffer.byteLength(answer) <= ANSWER_BYTES_MOST,
    `its answer has at most ${ANSWER_BYTES_MOST} bytes`,
  );
  checkWellFormed(answer, 'its answer');
  promise(queued.length >= messages, 'all that is said to be taken is in the queue');
  for (const message of queued.slice(-FOLLOWED_MOST)) {
    const outcome = await feedSignal(message, isFollowed);
    promise(outcome === 'accepted', 'what we put into the queue we can read');
  }
  return messages > 0 || status < 300 ? 'accepted' : 'refused';
}

export const webhooks: Target<WebhookRequest> = {
  name: 'webhooks',
  share: 270,
  make,
  feed,
  families: {
    'many alerts': (size) => post(webhook(...Array.from({ length: size / 100 }, () => alertmanagerAlert()))),
    'a long label': (size) => post(webhook(alertmanagerAlert({}, { service: 'x'.repeat(size * 20) }))),
    'many labels': (size) => {
      const labels = Object.fromEntries(Array.from({ length: size / 10 }, (_, n) => [`l${n}`, `v${n}`]));
      return post(webhook(alertmanagerAlert({}, labels)));
    },
    'half a body': (size) => ({
      method: 'POST',
      path: PAGERDUTY_ROUTE,
      body: '"routing_key":    "R'.repeat(size),
    }),
  },
};
