/** Deliberate bugs on the way in: queues, batches, the sweep, and what a signal says. */
import type { Bug } from '../bugs.ts';

export const signalBugs: readonly Bug[] = [
  {
    name: 'accepted-before-queued',
    file: 'functions/intake/receive-webhook.ts',
    find: '  await ports.signals.send([...messages, ...complaints]);',
    replace:
      "  void ports.signals.send([...messages, ...complaints]).catch((e) => ports.warn('not queued', e));",
    why: 'The sender is told 202 before the queue has the signal: what SQS refuses is lost.',
    foundBy: [],
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
    foundBy: [],
  },
  {
    name: 'what-would-pass-is-dead-lettered',
    file: 'functions/intake/intake.handler.ts',
    find: "    if (kindOf(error) !== 'rejected' && !(isOurBug && tries >= BUG_TRIES_MOST)) return false;",
    replace: "    if (kindOf(error) === 'retry' || (isOurBug && tries < BUG_TRIES_MOST)) return false;",
    why: 'A fault of AWS is nobody’s bug and not marked as passing: the signal is put aside at its first failure.',
    foundBy: [],
  },
  {
    name: 'tick-with-a-lower-bound',
    file: 'functions/tick/due-index.store.ts',
    find: `      KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
      ExpressionAttributeValues: { ':shard': dueShard, ':until': untilMs },`,
    replace: `      KeyConditionExpression: 'dueShard = :shard AND dueAt BETWEEN :from AND :until',
      ExpressionAttributeValues: { ':shard': dueShard, ':from': untilMs - 190_000, ':until': untilMs },`,
    why: 'A sweep looks back one minute only: what one sweep overlooked, none will find.',
    foundBy: [],
  },
  {
    name: 'stale-ok-accepted',
    file: 'functions/alerts/receive-signal.ts',
    find: '  if (alert && isStale(alert, signal)) return',
    replace: "  if (alert && signal.state === 'alarm' && isStale(alert, signal)) return",
    why: 'An OK that comes late ends an alert whose alarm fires again.',
    foundBy: [],
  },
  {
    name: 'insufficient-data-resolves',
    file: 'functions/alerts/receive-signal.ts',
    find: "  if (signal.state === 'insufficient-data') return unchanged('insufficient data keeps the state');\n",
    replace: '',
    why: 'An alarm that gets no data is taken for one that is over.',
    foundBy: [],
  },
  {
    name: 'flapping-opens-anew',
    file: 'functions/alerts/receive-signal.ts',
    find: '  const recovered = (alert.holds.recovering?.until ?? nowMs) < nowMs;',
    replace: '  const recovered = alert.holds.recovering !== undefined;',
    why: 'An ALARM within the quiet time opens a new alert at level 1: an alarm that flaps wakes level 1 ten times.',
    foundBy: [],
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
    foundBy: [],
  },
];
