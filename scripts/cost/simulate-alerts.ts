/** Alerts of a team, one after the other, and the people who answer them by the links in their messages. */

import { toPlain } from '../../cli/replay/read-table.ts';
import { Link } from '../../functions/paging/link.store.ts';
import { OpsError } from '../../functions/shared/errors.ts';
import { keys } from '../../functions/shared/table.ts';
import type { Item } from '../../local/dynamodb/attribute-value.ts';
import { assumptions } from './data.ts';
import { BY_EMAIL } from './generate-team.ts';
import type { MeteredWorld } from './meter-world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const TOKEN = /\/a\/([\w-]+)/;

/** After the last alarm is OK: its alert resolves, and people are told. */
const AFTER_LAST_MS = 30 * MINUTE_MS;

/** Spreads whole numbers evenly over 0 to 1, in any stretch of them. (The golden ratio) */
const spread = (n: number, by = 0) => (n * 0.618_033_988_75 + by) % 1;

type Plan = { alerts: number; alertsPerDay: number; smsShare: number };

/**
 * Plays so many alerts at that rate; the world stands when the last has resolved.
 * @returns how long it took, in milliseconds of the world
 */
export async function simulateAlerts(
  world: MeteredWorld,
  { alerts, alertsPerDay, smsShare }: Plan,
): Promise<number> {
  const { answers, alarms } = assumptions.people;
  const startMs = world.nowMs();
  const everyMs = DAY_MS / alertsPerDay;
  const longestMs = Math.max(...answers.map(({ okAfterMinutes }) => okAfterMinutes)) * MINUTE_MS;
  // An alarm that is not OK yet does not begin anew.
  const inTurn = Math.max(alarms, Math.ceil((2 * longestMs) / everyMs));
  const latestToken = followLinks(world);

  for (let n = 0; n < alerts; n++) {
    const atMs = Math.floor(startMs + (n + spread(n, 0.3)) * everyMs);
    const alarmName = `${spread(n, 0.5) < smsShare ? '' : BY_EMAIL}orders-api-${n % inTurn}-errors`;
    const { ackAfterMinutes, okAfterMinutes } = answerOf(spread(n));
    const change = (state: 'ALARM' | 'OK') => () =>
      world.putAlarmState({
        alarmName,
        state,
        reason: 'Threshold Crossed: 3 out of the last 5 datapoints were greater than the threshold (5.0).',
        metric: {
          namespace: 'AWS/Lambda',
          name: 'Errors',
          dimensions: { FunctionName: `orders-api-${n % inTurn}` },
          periodS: 60,
        },
        threshold: { operator: '>', value: 5, datapoints: 3, periods: 5 },
      });
    world.at(atMs, change('ALARM'));
    world.at(atMs + okAfterMinutes * MINUTE_MS, change('OK'));
    if (ackAfterMinutes !== null)
      world.at(atMs + ackAfterMinutes * MINUTE_MS, () => acknowledge(world, latestToken(alarmName)));
  }
  await world.advanceTo(startMs + alerts * everyMs + longestMs + AFTER_LAST_MS);
  return world.nowMs() - startMs;
}

function answerOf(part: number) {
  let sum = 0;
  for (const answer of assumptions.people.answers) {
    sum += answer.share;
    if (part < sum) return answer;
  }
  return assumptions.people.answers.at(-1)!;
}

/** @returns of an alarm's name: the token in the latest message that lists it; of one that a storm does not list, in the latest of all */
function followLinks(world: MeteredWorld): (alarmName: string) => string | undefined {
  const tokens = new Map<string, string>();
  let latest: string | undefined;
  const table = world.functions.map(({ env }) => env.TABLE_NAME).find((name) => name !== undefined)!;
  const read = (key: { pk: string; sk: string }): Record<string, unknown> | undefined => {
    const { body } = world.tables.handle('GetItem', {
      TableName: table,
      Key: { pk: { S: key.pk }, sk: { S: key.sk } },
    });
    const { Item: item } = body as { Item?: Item };
    return item && toPlain(item);
  };
  world.onMessage(({ body }) => {
    const token = TOKEN.exec(body)?.[1];
    const row = token && read(keys.link(token));
    if (!row) return;
    latest = token;
    for (const { id } of Link.parse(row).alerts) {
      const { dedupKey } = read(keys.alert(id)) as { dedupKey: string };
      tokens.set(dedupKey.split(':alarm:')[1]!, token);
    }
  });
  return (alarmName) => tokens.get(alarmName) ?? latest;
}

/** Looks, presses the button, and is led to what it says now. */
async function acknowledge(world: MeteredWorld, token: string | undefined): Promise<void> {
  if (!token) throw new OpsError('bug', 'somebody acknowledges an alert that no message told of');
  const path = `/a/${token}`;
  await world.request({ method: 'GET', path });
  const answer = await world.request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'action=acknowledge',
  });
  const [next] = answer.headers.location?.split('#') ?? [];
  if (next) await world.request({ method: 'GET', path: next });
}
