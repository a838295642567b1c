/** `operations.ts`: what a file may hold that its author's editor did not check. */

import { receiveSignal } from '../../../functions/alerts/receive-signal.ts';
import { classifySignal } from '../../../functions/intake/classify-signal.ts';
import { readSignal } from '../../../functions/intake/read-signal.ts';
import { defineOperations } from '../../../functions/operations/define-operations.ts';
import type { Operations } from '../../../functions/operations/operations.ts';
import { OpsError } from '../../../functions/shared/errors.ts';
import { alertId } from '../../../functions/shared/table.ts';
import { alarmEvent } from '../../support/cloudwatch-events.ts';
import type { Chance } from '../chance.ts';
import { FUZZ_NOW, fuzzTeamInput } from '../fuzz-team.ts';
import { hostileValue } from '../hostile-values.ts';
import { mutate } from '../mutate.ts';
import { type Outcome, promise, type Target } from '../target.ts';

/** What no JSON holds, and a file of TypeScript does. */
const VALUES: readonly unknown[] = [
  undefined,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  10n,
  Symbol('s'),
  () => 'ana',
  new Date(0),
  new Date(Number.NaN),
  /a/,
  new Map([['ana', {}]]),
  new Set(['ana']),
  Object.create(null),
  Object.create({ email: 'ana@example.com' }),
  new (class Ana {
    email = 'ana@example.com';
  })(),
  new Array(3),
  new Uint8Array(4),
  Promise.resolve(),
];

function make(chance: Chance): unknown {
  const hostile = (one: Chance) => (one.isOne(0.3) ? one.pick(VALUES) : hostileValue(one));
  return mutate(chance.isOne(0.02) ? hostile(chance) : fuzzTeamInput, chance, hostile);
}

function feed(input: unknown): Outcome {
  let operations: Operations;
  try {
    operations = defineOperations(input as never);
  } catch (error) {
    if (!(error instanceof OpsError) || error.kind !== 'rejected') throw error;
    promise(
      /^\d+ mistakes? in operations:\n {2}\S/.test(error.message),
      'a refused file is told its mistakes',
    );
    return 'refused';
  }
  checkOperations(operations);
  return 'accepted';
}

/** It is the same as JSON, and an alarm under it is due, and pages somebody. */
function checkOperations(operations: Operations): void {
  promise(defineOperations(operations as never) === operations, 'a result passes through unchanged');
  const read = JSON.parse(JSON.stringify(operations)) as Operations;
  promise(JSON.stringify(read) === JSON.stringify(operations), 'it is the same after a way through JSON');
  for (const window of read.windows) {
    if (window.kind !== 'once') continue;
    promise(Number.isSafeInteger(window.from) && window.from < window.until, 'a window ends after it begins');
  }
  const reading = readSignal(JSON.stringify(alarmEvent()));
  promise(reading.kind === 'signal', 'the sample is a signal');
  const signal = classifySignal(reading.signal, read);
  const decision = receiveSignal(undefined, alertId(signal.dedupKey), signal, FUZZ_NOW, read);
  promise(decision.kind === 'changed', 'an alarm opens its alert');
  const { alert } = decision;
  const pagesNobody = read.escalation[alert.severity].steps.length === 0;
  promise(alert.severity !== 'critical' || !pagesNobody, 'a critical alert pages somebody');
  promise(pagesNobody || Number.isSafeInteger(alert.dueAt), 'an open alert is due');
}

export const operations: Target = {
  name: 'operations.ts',
  share: 18,
  make,
  feed,
  families: {
    'many services': (size) => {
      const services = Object.fromEntries(Array.from({ length: size / 20 }, (_, n) => [`s${n}`, {}]));
      return { ...fuzzTeamInput, services: { ...services, ...fuzzTeamInput.services } };
    },
    'many mistakes': (size) => ({
      ...fuzzTeamInput,
      routes: Array.from({ length: size / 50 }, () => ({ match: {}, severity: 'bad' })),
    }),
    'a list that says one name again': (size) => ({
      ...fuzzTeamInput,
      schedules: { first: Array.from({ length: size / 5 }, () => 'ana') },
    }),
    'a zone that is none': (size) => ({ ...fuzzTeamInput, maintenance: [{ zone: 'x'.repeat(size / 20) }] }),
  },
};
