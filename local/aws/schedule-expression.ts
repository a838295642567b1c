/** When a schedule fires next: `rate(…)`, and `cron(…)` by the clocks of a zone. */
import { tzOffset } from '@date-fns/tz';

const MINUTE_MS = 60_000;
const UNITS_MS: Record<string, number> = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: 1440 * MINUTE_MS };
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
/** EventBridge counts Sunday as 1. */
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');
const SEARCH_MOST_DAYS = 366 * 5;

/** The first moment after `afterMs`; nothing when there is none within five years. */
export type Next = (afterMs: number) => number | undefined;

/**
 * @param zone  by whose clocks a cron expression is read. A rate is by nobody's: a day has 24 hours
 * @throws Error for an expression that the local world does not know
 */
export function parseSchedule(expression: string, zone = 'UTC'): Next {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) {
    const periodMs = Number(rate[1]) * UNITS_MS[rate[2]!]!;
    return (afterMs) => (Math.floor(afterMs / periodMs) + 1) * periodMs;
  }
  const cron = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression);
  if (!cron) throw new Error(`the schedule ${expression} is not supported locally: rate(…) and cron(…) are`);
  const [minutes, hours, days, months, weekdays, years] = [
    field(cron[1]!, 0, 59),
    field(cron[2]!, 0, 23),
    field(cron[3]!, 1, 31),
    field(cron[4]!, 1, 12, MONTHS),
    field(cron[5]!, 1, 7, WEEKDAYS),
    field(cron[6]!, 1970, 2199),
  ];
  const isDay = (day: Date) =>
    years(day.getUTCFullYear()) &&
    months(day.getUTCMonth() + 1) &&
    days(day.getUTCDate()) &&
    weekdays(day.getUTCDay() + 1);

  // Wall times are counted as if they were UTC.
  return (afterMs) => {
    const wallMs = afterMs + offsetMs(zone, afterMs);
    const midnight = Math.floor(wallMs / UNITS_MS.day!) * UNITS_MS.day!;
    for (let day = 0; day < SEARCH_MOST_DAYS; day += 1) {
      const dayMs = midnight + day * UNITS_MS.day!;
      if (!isDay(new Date(dayMs))) continue;
      for (let minute = 0; minute < 1440; minute += 1) {
        if (!hours(Math.floor(minute / 60)) || !minutes(minute % 60)) continue;
        const at = instantOf(dayMs + minute * MINUTE_MS, zone);
        if (at !== undefined && at > afterMs) return at;
      }
    }
    return undefined;
  };
}

/**
 * The first moment at which the zone's clocks show that time: an hour that comes twice fires once.
 * @returns absent when they jump over it. Source: aws-facts, Timers
 */
function instantOf(wallMs: number, zone: string): number | undefined {
  const around = [wallMs - UNITS_MS.day!, wallMs + UNITS_MS.day!].map((ms) => wallMs - offsetMs(zone, ms));
  return around.sort((a, b) => a - b).find((ms) => ms + offsetMs(zone, ms) === wallMs);
}

function offsetMs(zone: string, atMs: number): number {
  const offset = zone === 'UTC' ? 0 : tzOffset(zone, new Date(atMs));
  if (Number.isNaN(offset)) throw new Error(`there is no time zone ${zone}`);
  return offset * MINUTE_MS;
}

/** `*`, `?`, `5`, `MON-FRI`, `0/15`, and lists of them. */
function field(text: string, least: number, most: number, names: string[] = []): (value: number) => boolean {
  const number = (word: string): number => {
    const at = names.indexOf(word.toUpperCase());
    const value = at < 0 ? Number(word) : at + 1;
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new Error(`${word} in a cron expression is not supported locally`);
    }
    return value;
  };
  const tests = text.split(',').map((part) => {
    const [range = '', step] = part.split('/');
    if (range === '*' || range === '?') return { from: least, to: most, step: Number(step ?? 1) };
    const [from, to] = range.split('-').map(number);
    return { from: from!, to: to ?? (step ? most : from!), step: Number(step ?? 1) };
  });
  return (value) =>
    tests.some(({ from, to, step }) => value >= from && value <= to && (value - from) % step === 0);
}
