/** Deliberate bugs on the way in: queues, batches, the sweep, and what a signal says. */
import type { Bug } from '../bugs.ts';

export const signalBugs: readonly Bug[] = [
  {
    name: 'accepted-before-queued',
    file: 'functions/intake/receive-webhook.ts',
    find: '  await ports.signals.send([...messages, ...complaints]);',
    replace: `  await ports.signals
    .send([...messages, ...complaints])
    .catch((error: unknown) => ports.warn('not queued', error));`,
    why: 'What SQS refuses is logged, and the sender told 202: it does not send again.',
    foundBy: ['no-signal-is-lost'],
    foundAt: 74,
  },
  {
    name: 'exchanged-key-ends-at-once',
    file: 'functions/intake/manage-keys.ts',
    find: 'const endsAt = ports.nowMs() + overlapMinutes * MINUTE_MS;',
    replace: 'const endsAt = ports.nowMs();',
    why: 'A sender that has not changed over yet is sent away.',
    foundBy: ['nobody-is-turned-away'],
    foundAt: 12,
  },
  {
    name: 'report-changes-nothing',
    file: 'functions/paging/delivery-feedback.ts',
    find: '        latest?.openedAt === openedAt\n',
    replace: "        latest?.openedAt === openedAt && latest.status === 'acknowledged'\n",
    why: 'A page that did not arrive stands as sent, and nobody else hears of it before the next level.',
    foundBy: ['a-lost-sms-is-heard-of'],
    foundAt: 5,
  },
  {
    name: 'exchanged-key-never-ends',
    file: 'functions/intake/integration-key.ts',
    find: '  return endsAt <= nowMs;',
    replace: '  return endsAt === nowMs;',
    why: 'A key that was exchanged, since somebody may have seen it, stays good for ever.',
    foundBy: ['an-ended-key-is-refused'],
    foundAt: 8,
  },
  {
    name: 'exchanged-key-is-told-to-come-again',
    file: 'functions/intake/receive-webhook.ts',
    find: '  const count = await countRequest(key, nowMs, ports);',
    replace:
      '  if (key.endsAt) return answers.unavailable;\n  const count = await countRequest(key, nowMs, ports);',
    why: 'Once its key is being exchanged a sender is answered 503, and tries again until it gives up.',
    foundBy: ['nobody-is-turned-away'],
    foundAt: 12,
  },
  {
    name: 'heard-twice-counts-twice',
    file: 'functions/intake/cloudwatch-sns.ts',
    find: '    at: said.StateChangeTime,',
    replace: '    at: said.StateChangeTime + 1,',
    why: 'What the signals topic says of an alarm is not what EventBridge said of it: it fires twice.',
    foundBy: ['no-signal-is-lost'],
    foundAt: 0,
  },
  {
    name: 'batch-stops-at-first-bad-record',
    file: 'functions/shared/edge.ts',
    find: '    .handler(async (event) => {\n      const failed =',
    replace: `    .handler(async (event) => {
      for (const record of event.Records) {
        const id = await attempt(record);
        if (id !== undefined) return { batchItemFailures: [{ itemIdentifier: id }] };
      }
      if (event.Records.length > 0) return { batchItemFailures: [] };
      const failed =`,
    why: 'Of a batch with a failure the records after it are neither handled nor given back.',
    foundBy: ['no-signal-is-lost', 'paged-in-time', 'open-alerts-are-due'],
    foundAt: 23,
  },
  {
    name: 'what-would-pass-is-dead-lettered',
    file: 'functions/intake/intake.handler.ts',
    find: "    if (kindOf(error) !== 'rejected' && !(isBug(error) && tries >= BUG_TRIES_MOST)) return false;",
    replace: "    if (kindOf(error) === 'retry' || (isBug(error) && tries < BUG_TRIES_MOST)) return false;",
    why: 'A fault of AWS is nobody’s bug and not marked as passing: the signal is put aside at its first failure.',
    foundBy: ['no-signal-is-lost'],
    foundAt: 1,
  },
  {
    name: 'tick-with-a-lower-bound',
    file: 'functions/tick/due-index.store.ts',
    find: `      KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
      ExpressionAttributeValues: { ':shard': dueShard, ':until': untilMs },`,
    replace: `      KeyConditionExpression: 'dueShard = :shard AND dueAt BETWEEN :from AND :until',
      ExpressionAttributeValues: { ':shard': dueShard, ':from': untilMs - 130_000, ':until': untilMs },`,
    why: 'A sweep takes what falls due from now on: what fell due before is nobody’s.',
    foundBy: ['paged-in-time', 'open-alerts-are-due', 'forgotten-in-time', 'no-bug-in-the-log'],
    foundAt: 2,
  },
  {
    name: 'stale-ok-accepted',
    file: 'functions/alerts/receive-signal.ts',
    find: '  if (alert && isStale(alert, signal)) return',
    replace: "  if (alert && signal.state === 'alarm' && isStale(alert, signal)) return",
    why: 'An OK that comes late ends an alert whose alarm fires again.',
    foundBy: ['the-newest-signal-decides', 'no-signal-is-lost'],
    foundAt: 35,
  },
  {
    name: 'insufficient-data-resolves',
    file: 'functions/alerts/receive-signal.ts',
    find: "  if (signal.state === 'insufficient-data') return unchanged('insufficient data keeps the state');\n",
    replace: '',
    why: 'An alarm that gets no data is taken for one that is over.',
    foundBy: ['the-newest-signal-decides', 'no-signal-is-lost'],
    foundAt: 10,
  },
  {
    name: 'flapping-opens-anew',
    file: 'functions/alerts/receive-signal.ts',
    find: '  const recovered = (alert.holds.recovering?.until ?? nowMs) < nowMs;',
    replace: '  const recovered = alert.holds.recovering !== undefined;',
    why: 'An ALARM within the quiet time opens a new alert at level 1: an alarm that flaps wakes level 1 ten times.',
    foundBy: ['the-newest-signal-decides'],
    foundAt: 13,
  },
  {
    name: 'insert-failure-read-as-duplicate',
    file: 'functions/alerts/alert.store.ts',
    find: `        if (!isConditionFailed(error)) throw error;
        // The SDK may`,
    replace: `        if (alert.version === 1) return true;
        if (!isConditionFailed(error)) throw error;
        // The SDK may`,
    why: 'Whatever keeps a new alert from being written is read as: it is there already.',
    foundBy: ['no-signal-is-lost'],
    foundAt: 45,
  },
];
