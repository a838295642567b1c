/** The schema of operations.ts. Each message says what to write instead of what was found. */
import { z } from 'zod';
import {
  checkContact,
  checkCritical,
  checkDedupKey,
  checkRepeatOrder,
  checkRepetition,
  checkStepOrder,
} from './check-values.ts';
import type { DeclaredNames } from './declared-names.ts';
import { inhibitionsSchema, maintenanceSchema, SEVERITIES } from './holds-schema.ts';
import { glob, listOfNames, minutes, object, oneOf, record, rule, text, whole } from './schema-parts.ts';

const E164 = /^\+[1-9]\d{6,14}$/;

const SOME_RESPONDERS = "at least one responder, as in { ana: { email: 'ana@example.com' } }";
const SOME_LEVELS = "at least one level, as in [['ana'], ['ana', 'ben']]";

/** The schema of one file: it may refer to the names that this file declares. */
export function operationsSchema(names: DeclaredNames) {
  const scheduled = listOfNames('responders', names.responders);
  const paged = listOfNames('schedules and responders', [...names.schedules.keys(), ...names.responders]);
  const policy = policySchema(Math.max(names.levels.length, 1));
  return object('an object, as in { responders: { … } }', {
    responders: record(responderSchema(), SOME_RESPONDERS).refine(
      (responders) => Object.keys(responders).length > 0,
      SOME_RESPONDERS,
    ),
    schedules: record(scheduled, "lists of responders, as in { operations: ['ana'] }").optional(),
    levels: z.array(paged, SOME_LEVELS).min(1, SOME_LEVELS).optional(),
    escalation: object('an object, as in { critical: { … } }', {
      critical: policy.check(rule(checkCritical)).optional(),
      warning: policy.optional(),
      info: policy.optional(),
    }).optional(),
    services: record(serviceSchema(), 'an object, as in { checkout: { … } }').optional(),
    routes: z.array(routeSchema(names.services), 'a list of routes').optional(),
    maintenance: maintenanceSchema(names.services).optional(),
    inhibitions: inhibitionsSchema(names.services).optional(),
    quietMinutes: minutes(0).optional(),
    forgottenMinutes: minutes(1).optional(),
    watchers: watchersSchema().optional(),
  });
}

/** The address is a secret: what was found is not shown. */
function watchersSchema() {
  const address = "an https address without a user, as in 'https://heartbeat.example.com/tocsin'";
  return object("an object, as in { heartbeatUrl: 'https://heartbeat.example.com/tocsin' }", {
    heartbeatUrl: z
      .string(address)
      .refine(isSecureAddress, { error: address, params: { found: 'another text' } })
      .optional(),
  });
}

function responderSchema() {
  const phone = "an E.164 number: +, country code and digits, as in '+12025550101'";
  return object("an object, as in { email: 'ana@example.com' }", {
    name: text(80).optional(),
    email: z.email("an email address, as in 'ana@example.com'").optional(),
    phone: z.string(phone).regex(E164, phone).optional(),
  }).check(rule(checkContact));
}

function policySchema(levels: number) {
  const step = object('a step, as in { level: 1, afterMinutes: 0 }', {
    level: whole(1, levels, levels === 1 ? '1, the only level' : `a level from 1 to ${levels}`),
    afterMinutes: minutes(0),
    channels: z
      .array(oneOf('channels', ['sms', 'email']), "a list of channels, as in ['sms', 'email']")
      .min(1, "at least one of 'sms' and 'email'")
      .check(rule(checkRepetition))
      .optional(),
  });
  const repeat = object('a repeat, as in { everyMinutes: 30 }', {
    everyMinutes: minutes(1),
    untilMinutes: minutes(1).optional(),
  });
  return object('an object with some of `steps`, `repeat`, `ackTimeoutMinutes`', {
    steps: z.array(step, 'a list of steps').check(rule(checkStepOrder)).optional(),
    repeat: z.array(repeat, 'a list of repeats').check(rule(checkRepeatOrder)).optional(),
    ackTimeoutMinutes: minutes(1, ', or null for never').nullable().optional(),
  });
}

function serviceSchema() {
  const address = "an http or https address, as in 'https://wiki.example.com/checkout'";
  return object("an object, as in { owner: 'Shop team' }", {
    owner: text(80).optional(),
    runbook: z.string(address).refine(isWebAddress, address).optional(),
    description: z.string('a text').optional(),
  });
}

function routeSchema(services: string[]) {
  return object("a route, as in { match: { alarmName: 'checkout-*' }, severity: 'warning' }", {
    match: object("an object, as in { alarmName: 'checkout-*' }, or {} for every signal", {
      alarmName: glob().optional(),
      account: glob().optional(),
      region: glob().optional(),
      integration: glob().optional(),
      tags: record(glob(), "an object, as in { stage: 'prod*' }").optional(),
      labels: record(glob(), "an object, as in { cluster: 'eu-*' }").optional(),
    }),
    service: oneOf('services', services).optional(),
    severity: oneOf('severities', SEVERITIES).optional(),
    dedupKey: text(255).optional(),
  }).check(rule(checkDedupKey));
}

/** `fetch` refuses an address with a user. */
function isSecureAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password } = new URL(address);
  return protocol === 'https:' && username === '' && password === '';
}

function isWebAddress(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}
