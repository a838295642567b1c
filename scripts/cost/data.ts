/** The data of the cost's computation, checked while it is read: prices, and what is assumed. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const Price = z.strictObject({
  service: z.string(),
  unit: z.string(),
  usd: z.number().positive(),
  /** so many units cost `usd` */
  per: z.number().positive(),
  /** units that every account has free, each month */
  free: z.number().nonnegative(),
  source: z.url(),
  confirmed: z.string(),
});
export type Price = z.infer<typeof Price>;

const ITEMS = [
  'sms-part',
  'email',
  'sns-request',
  'dynamodb-write',
  'dynamodb-read',
  'dynamodb-storage',
  'dynamodb-pitr',
  'lambda-request',
  'lambda-gb-s',
  'sqs-request',
  'http-request',
  'data-out',
  'schedule',
  'log-gb',
  'log-kept-gb',
  'alarm',
  'alarm-fast',
  'alarm-composite',
  'metric',
  'dashboard',
  'cloudwatch-request',
] as const;
export const Item = z.enum(ITEMS);
/** What a bill counts. */
export type Item = z.infer<typeof Item>;

const Seat = z.strictObject({
  product: z.string(),
  usdMonthly: z.number().positive(),
  usdYearly: z.number().positive().nullable(),
  source: z.url(),
  seen: z.iso.date(),
  confirmed: z.string(),
});

const Prices = z.strictObject({
  dated: z.string(),
  region: z.string(),
  currency: z.literal('USD'),
  note: z.string(),
  items: z.record(Item, Price),
  seats: z.array(Seat),
});
export type Prices = z.infer<typeof Prices>;

const Sourced = { source: z.string() };
const Answer = z.strictObject({
  who: z.string(),
  share: z.number().min(0).max(1),
  ackAfterMinutes: z.number().positive().nullable(),
  okAfterMinutes: z.number().positive(),
});
const Assumptions = z.strictObject({
  note: z.string(),
  latencyMs: z.strictObject({
    ...Sourced,
    dynamodb: z.number(),
    sqs: z.number(),
    sns: z.number(),
    cloudwatch: z.number(),
    lambda: z.number(),
    other: z.number(),
  }),
  lambda: z.strictObject({
    ...Sourced,
    vcpuMsPerInvocation: z.number(),
    vcpuMsPerCall: z.number(),
    mbPerVcpu: z.number(),
    initMs: z.number(),
    keptWarmMinutes: z.number(),
  }),
  polling: z.strictObject({ ...Sourced, pollersPerQueue: z.number(), everyS: z.number() }),
  logs: z.strictObject({
    ...Sourced,
    platformBytesPerInvocation: z.number(),
    platformEventsPerInvocation: z.number(),
    bytesPerEvent: z.number(),
    accessLogBytes: z.number(),
    keptMonths: z.number(),
    keptShare: z.number(),
  }),
  storage: z.strictObject({ ...Sourced, months: z.number(), overheadBytes: z.number() }),
  people: z.strictObject({
    ...Sourced,
    /** so many alarms take turns */
    alarms: z.number().int().positive(),
    answers: z
      .array(Answer)
      .refine((all) => Math.abs(all.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9, {
        message: 'the shares must add up to 1',
      }),
  }),
});
export type Assumptions = z.infer<typeof Assumptions>;

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

export const prices: Prices = Prices.parse(read('prices.json'));
export const assumptions: Assumptions = Assumptions.parse(read('assumptions.json'));
