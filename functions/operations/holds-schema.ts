/** The schema of what holds alerts: maintenance windows and inhibitions. */
import { z } from 'zod';
import {
  ANY_ZONE,
  checkSeveralWindows,
  checkWindow,
  isZone,
  WEEKDAYS,
  zoneToWrite,
} from './check-windows.ts';
import { chooseFrom } from './nearest.ts';
import { glob, object, oneOf, record, rule, text } from './schema-parts.ts';

export const SEVERITIES = ['critical', 'warning', 'info'] as const;

/** Each open alert is compared with all of them at each change. */
const WINDOWS_MOST = 50;
const INHIBITIONS_MOST = 20;

/** @param services  the names that the file declares */
export function maintenanceSchema(services: string[]) {
  const zone = z.string(ANY_ZONE).refine(isZone, { error: ({ input }) => zoneToWrite(String(input)) });
  const window = object("a window, as in { zone: 'Europe/Berlin' }", {
    zone,
    name: text(80).optional(),
    match: matchSchema(services).optional(),
    days: z
      .array(oneOf('days', WEEKDAYS), "a list of days, as in ['sunday']")
      .min(1, 'at least one day')
      .optional(),
    from: z.string(EITHER_TIME).optional(),
    to: z.string("a time of day, as in '04:00'").optional(),
    until: z.string("a date and time, as in '2026-12-25T06:00'").optional(),
  }).check(rule(checkWindow));
  return z
    .array(window, "a list of windows, as in [{ zone: 'Europe/Berlin' }]")
    .max(WINDOWS_MOST, `at most ${WINDOWS_MOST} windows`)
    .check(rule(checkSeveralWindows));
}

const EITHER_TIME = "a time of day, as in '02:00', or with `until` a date and time, as in '2026-12-24T20:00'";

/** @param services  the names that the file declares */
export function inhibitionsSchema(services: string[]) {
  const some = matchSchema(services).refine(
    (match) => Object.keys(match).length > 0,
    'at least one of `service`, `severity`, `labels`',
  );
  const inhibition = object(
    "an inhibition, as in { while: { labels: { alertname: 'ClusterDown' } }, hold: { severity: 'warning' }, equal: ['cluster'] }",
    {
      while: some,
      hold: some,
      equal: z.array(text(128), "a list of labels, as in ['cluster'], or [] when they may all differ"),
    },
  );
  return z
    .array(inhibition, 'a list of inhibitions')
    .max(INHIBITIONS_MOST, `at most ${INHIBITIONS_MOST} inhibitions`);
}

function matchSchema(services: string[]) {
  return object("an object, as in { service: 'checkout' }", {
    service: glob()
      .refine((pattern) => /^$|[*?]/.test(pattern) || services.includes(pattern), {
        error: ({ input }) => `${chooseFrom('services', services, input)}, or a pattern`,
      })
      .optional(),
    severity: oneOf('severities', SEVERITIES).optional(),
    labels: record(glob(), "an object, as in { cluster: 'eu-*' }").optional(),
  });
}
