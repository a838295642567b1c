/** The options of `npm run cost`. */
import { parseArgs } from 'node:util';
import { OpsError } from '../../functions/shared/errors.ts';
import type { Setting } from './compute-cost.ts';

export type Options = {
  settings: Setting[];
  /** USD for one part of a text message; undefined: that of the price list */
  smsUsd: number | undefined;
  simulatedMost: number;
  json: boolean;
  write: boolean;
  help: boolean;
};

export const HELP = `npm run cost -- [options]    what Tocsin costs a month, from a simulated month and AWS's list prices

  --alerts-per-day N   default: 5, 50 and 5,000
  --responders N       default: 4, 20 and 200
  --sms-share S        of alerts that page by SMS and email, 0 to 1; the others page by email alone; default: 1
  --sms-price USD      of one text message; it differs by country; default: that of prices.json
  --simulate N         alerts that are played at most, and stand for the others; default: 200
  --json               print JSON, and nothing else (npm run -s)
  --write              put the tables into docs/cost.md: alone, they are those of the defaults
`;

const SETTINGS = [
  { alertsPerDay: 5, responders: 4 },
  { alertsPerDay: 50, responders: 20 },
  { alertsPerDay: 5_000, responders: 200 },
] as const;

const SIMULATED_MOST = 200;
const ALERTS_MOST = 100_000;
const RESPONDERS_MOST = 5_000;

/** @throws OpsError `rejected` for an option that is not known, or a value that does not fit */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  const others = Object.keys(values).filter((name) => !['write', 'help'].includes(name));
  if (values.write === true && others.length > 0) {
    const names = others.map((name) => `--${name}`).join(', ');
    throw new OpsError(
      'rejected',
      `--write puts the tables of the defaults into docs/cost.md: leave out ${names}`,
    );
  }
  const smsShare = number(values, 'sms-share', { from: 0, to: 1 }) ?? 1;
  const alertsPerDay = number(values, 'alerts-per-day', { from: 0, to: ALERTS_MOST, whole: true });
  const responders = number(values, 'responders', { from: 1, to: RESPONDERS_MOST, whole: true });
  const isOwn = alertsPerDay !== undefined || responders !== undefined;
  const [small] = SETTINGS;
  const settings = isOwn
    ? [{ alertsPerDay: alertsPerDay ?? small.alertsPerDay, responders: responders ?? small.responders }]
    : SETTINGS;
  return {
    settings: settings.map((one) => ({ ...one, smsShare })),
    smsUsd: number(values, 'sms-price', { from: 0, to: 10 }),
    simulatedMost: number(values, 'simulate', { from: 1, to: 100_000, whole: true }) ?? SIMULATED_MOST,
    json: values.json === true,
    write: values.write === true,
    help: values.help === true,
  };
}

type Values = Record<string, string | boolean | undefined>;

/** `--responders -1`: a number below 0 is the value of what stands before it, and no option. */
function withNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const one of args) {
    const isValue = /^-[\d.]/.test(one) && /^--[\w-]+$/.test(joined.at(-1) ?? '');
    joined.push(isValue ? `${joined.pop()}=${one}` : one);
  }
  return joined;
}

function parse(args: readonly string[]): Values {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: withNegatives(args),
      options: {
        'alerts-per-day': text,
        responders: text,
        'sms-share': text,
        'sms-price': text,
        simulate: text,
        json: flag,
        write: flag,
        help: { ...flag, short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new OpsError('rejected', `${(error as Error).message}\n\n${HELP}`);
  }
}

function number(
  values: Values,
  name: string,
  { from, to, whole = false }: { from: number; to: number; whole?: boolean },
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = typeof text === 'string' && /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= from && value <= to && (!whole || Number.isInteger(value))) return value;
  throw new OpsError(
    'rejected',
    `--${name} is ${JSON.stringify(text)}: give ${whole ? 'a whole number' : 'a number'} from ${from} to ${to}`,
  );
}
