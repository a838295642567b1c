/** What can happen to the account around an installation: alarms, phones, the account's SMS, subscriptions. */
import * as z from 'zod';
import { OpsError } from '../../functions/shared/errors.ts';
import type { World } from '../world.ts';

const Usd = z.number().min(0);
const Number164 = z.string().regex(/^\+[1-9]\d{6,14}$/, 'a number such as +12025550101 is wanted');

const AlarmBody = z.strictObject({
  alarmName: z.string().min(1),
  state: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA', 'deleted']),
  reason: z.string().default('Threshold Crossed'),
  at: z.int().optional(),
  metric: z
    .strictObject({
      namespace: z.string(),
      name: z.string(),
      dimensions: z.record(z.string(), z.string()).optional(),
      stat: z.string().optional(),
      periodS: z.int().optional(),
    })
    .optional(),
  threshold: z
    .strictObject({
      operator: z.enum(['>', '>=', '<', '<=']),
      value: z.number(),
      datapoints: z.int().optional(),
      periods: z.int().optional(),
    })
    .optional(),
  description: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  suppressed: z.string().optional(),
});
const AlarmsBody = z.preprocess((body) => (Array.isArray(body) ? body : [body]), z.array(AlarmBody));

const PhonesBody = z.strictObject({
  number: Number164,
  optedOut: z.boolean().optional(),
  failing: z.string().nullable().optional(),
});

const SmsBody = z.strictObject({
  sandbox: z.boolean().optional(),
  verified: z.array(Number164).optional(),
  monthlySpendLimitUsd: Usd.optional(),
  spentUsd: Usd.optional(),
});

const SubscriptionState = z.enum(['pending', 'confirmed', 'unauthenticated', 'deleted']);
const OfResponder = z.strictObject({ responder: z.string(), state: SubscriptionState });
const OfTopic = z.strictObject({ endpoint: z.string(), topic: z.string(), state: SubscriptionState });

export type Change = {
  /** what to send, for whoever sent something else */
  example: unknown;
  take(body: unknown, world: World): unknown;
};

/** By their path; each is a POST. */
export const CHANGES: Record<string, Change> = {
  '/world/alarms': {
    example: {
      alarmName: 'checkout-errors',
      state: 'ALARM',
      reason: '5 of 5 datapoints',
      tags: { team: 'shop' },
    },
    take(body, world) {
      const alarms = AlarmsBody.parse(body);
      for (const { state, ...alarm } of alarms) {
        if (state === 'deleted') world.deleteAlarm(alarm.alarmName);
        else world.putAlarmState({ ...alarm, state });
      }
      return { alarms: alarms.length };
    },
  },
  '/world/phones': {
    example: {
      number: '+12025550101',
      optedOut: true,
      failing: 'Phone is currently unreachable/unavailable',
    },
    take(body, { sms }) {
      const { number, optedOut, failing } = PhonesBody.parse(body);
      const { [number]: before, ...others } = sms.state.failing;
      const now = failing === undefined ? before : failing;
      if (optedOut !== undefined) {
        const numbers = sms.state.optedOut.filter((one) => one !== number);
        sms.change({ optedOut: optedOut ? [...numbers, number] : numbers });
      }
      sms.change({ failing: now ? { ...others, [number]: now } : others });
      return { number, optedOut: sms.state.optedOut.includes(number), failing: now ?? null };
    },
  },
  '/world/sms': {
    example: { sandbox: true, verified: ['+12025550101'], monthlySpendLimitUsd: 1, spentUsd: 0.97 },
    take(body, { sms }) {
      const { monthlySpendLimitUsd, ...edit } = SmsBody.parse(body);
      sms.change(edit);
      if (monthlySpendLimitUsd !== undefined)
        sms.change({
          attributes: { ...sms.state.attributes, MonthlySpendLimit: String(monthlySpendLimitUsd) },
        });
      const { sandbox, verified, spentUsd, attributes } = sms.state;
      return { sandbox, verified, monthlySpendLimitUsd: Number(attributes.MonthlySpendLimit), spentUsd };
    },
  },
  '/world/subscriptions': {
    example: { responder: 'ana', state: 'pending' },
    take(body, world) {
      const changed =
        'topic' in Object(body)
          ? ofTopic(OfTopic.parse(body), world)
          : ofResponder(OfResponder.parse(body), world);
      if (changed === 0) throw new OpsError('rejected', 'no email is subscribed there');
      return { changed };
    },
  },
};

function ofResponder({ responder, state }: z.infer<typeof OfResponder>, world: World): number {
  const prefix = world.functions
    .map(({ env }) => env.RESPONDER_TOPIC_ARN_PREFIX)
    .find((one) => one !== undefined);
  return world.subscriptions.put(`${prefix}${responder}`, state);
}

function ofTopic({ endpoint, topic, state }: z.infer<typeof OfTopic>, world: World): number {
  const { region, account } = world.place;
  const arn = topic.startsWith('arn:') ? topic : `arn:aws:sns:${region}:${account}:${topic}`;
  return world.subscriptions.put(arn, state, endpoint);
}
