/** The intake queue: events of EventBridge, messages of SNS, and those of our own. */
import { deadLetters } from '../../../functions/intake/dead-letter.queue.ts';
import { readSignal } from '../../../functions/intake/read-signal.ts';
import { OpsError } from '../../../functions/shared/errors.ts';
import { reasonOf } from '../../../functions/shared/redact.ts';
import {
  alarmEvent,
  configurationEvent,
  contributorEvent,
  snsAlarm,
  snsEnvelope,
} from '../../support/cloudwatch-events.ts';
import type { Chance } from '../chance.ts';
import { checkAlert } from '../check-alert.ts';
import { FUZZ_NOW, fuzzTeam } from '../fuzz-team.ts';
import { hostileText } from '../hostile-values.ts';
import { mutate, mutateText } from '../mutate.ts';
import { sqsThatChecks } from '../sqs-that-checks.ts';
import type { Outcome, Target } from '../target.ts';

const letters = deadLetters(sqsThatChecks(), 'https://sqs.example.com/letters', 'fuzzed');

const own = {
  signal: {
    dedupKey: 'integration:grafana:k',
    source: { kind: 'integration', integration: 'grafana', format: 'alertmanager', key: 'k' },
    state: 'alarm',
    at: FUZZ_NOW,
    heardAt: FUZZ_NOW,
    detail: { title: 'HighLatency' },
    labels: { cluster: 'eu-1' },
    severity: 'warning',
    service: 'search',
  },
} as const;

const SAMPLES: readonly unknown[] = [
  alarmEvent(),
  alarmEvent({ state: 'OK' }),
  alarmEvent(
    {},
    {
      muteDetail: { mutedByArn: 'arn:aws:cloudwatch:eu-west-1:1:alarm-mute-rule:x' },
      alarmTags: { stage: 'prod' },
    },
  ),
  contributorEvent(),
  configurationEvent('delete'),
  snsAlarm(),
  snsEnvelope(snsAlarm()),
  { tocsin: own },
];

/** Within the envelope of SNS the message is a text: it is mutated before it is put in. */
function make(chance: Chance): string {
  if (chance.isOne(0.02)) return hostileText(chance);
  if (chance.isOne(0.1)) return mutateText(snsEnvelope(mutate(snsAlarm(), chance)), chance);
  return mutateText(chance.pick(SAMPLES), chance);
}

export async function feedSignal(body: string, isFollowed: boolean): Promise<Outcome> {
  const reading = readSignal(body);
  switch (reading.kind) {
    case 'rejected':
      await letters.keep(body, reasonOf(new OpsError('rejected', reading.reason)));
      return 'kept';
    case 'ignored':
      return 'ignored';
    case 'acknowledge':
      return 'accepted';
    case 'signal':
      checkAlert(reading.signal, FUZZ_NOW, fuzzTeam, isFollowed);
      return 'accepted';
  }
}

export const signals: Target<string> = {
  name: 'intake queue',
  share: 700,
  make,
  feed: feedSignal,
  families: {
    'no JSON': (size) => '{"a":'.repeat(size),
    'a nested value': (size) => `{"detail-type":${'['.repeat(size)}${']'.repeat(size)}}`,
    'many metrics': (size) => {
      const metrics = Array.from({ length: size / 50 }, (_, n) => ({
        id: `m${n}`,
        expression: `m${n - 1} * 2`,
      }));
      return JSON.stringify(alarmEvent({}, { configuration: { metrics } }));
    },
    'many tags': (size) => {
      const alarmTags = Object.fromEntries(Array.from({ length: size / 20 }, (_, n) => [`t${n}`, `v${n}`]));
      return JSON.stringify(alarmEvent({}, { alarmTags }));
    },
    'a tag that a pattern goes back over': (size) =>
      JSON.stringify(alarmEvent({}, { alarmTags: { stage: 'pro'.repeat(size) } })),
    'a reason that looks like addresses': (size) =>
      JSON.stringify({ 'detail-type': 'a@'.repeat(size), source: 1 }),
    'a long reason': (size) => JSON.stringify(alarmEvent({ reason: 'a '.repeat(size) })),
  },
};
