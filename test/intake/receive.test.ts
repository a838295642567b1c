import { describe, expect, it } from 'vitest';
import { writeOwnMessage } from '../../functions/intake/own-signal.ts';
import { receive } from '../../functions/intake/receive.ts';
import type { SignalState } from '../../functions/intake/signal.ts';
import { clock, pagingRig, type Rig } from '../support/paging-rig.ts';
import { realTables } from '../support/real-table.ts';
import { MINUTE_MS, START_MS } from '../support/story.ts';

const freshTable = realTables();

/** What a sender says of one thing at a minute; it is received now. */
const about = (minute: number) => ({
  dedupKey: 'cpu',
  source: { kind: 'cli' as const, key: 'cpu', by: 'cli:ana' },
  at: START_MS + minute * MINUTE_MS,
});

const signal = (rig: Rig, minute: number, state: SignalState) =>
  receive(writeOwnMessage({ signal: { ...about(minute), state, detail: { title: 'cpu' } } }), rig.ports);

const acknowledge = (rig: Rig, minute: number) =>
  receive(writeOwnMessage({ acknowledge: { ...about(minute), by: 'integration:grafana' } }), rig.ports);

describe('an acknowledgement of a sender', () => {
  it('stops the escalation, and is said to be by the integration', async () => {
    const rig = pagingRig(await freshTable());
    await signal(rig, 0, 'alarm');
    await rig.justTo(5);
    expect(await acknowledge(rig, 5)).toMatchObject({ kind: 'changed' });
    expect(await rig.alert('cpu')).toMatchObject({
      status: 'acknowledged',
      acknowledgement: { by: 'integration:grafana' },
    });
  });

  it('that comes before its alert comes back for 60 s, and is then let go with its reason', async () => {
    const rig = pagingRig(await freshTable());
    await rig.justTo(0.99);
    await expect(acknowledge(rig, 0)).rejects.toMatchObject({ kind: 'retry' });
    await rig.justTo(1);
    expect(await acknowledge(rig, 0)).toMatchObject({
      kind: 'unchanged',
      reason: 'there is no open alert to acknowledge',
    });
    expect(clock(rig.at())).toBe('1:00');
  });

  it('of an earlier life, late, does not acknowledge the next one', async () => {
    const rig = pagingRig(await freshTable());
    await signal(rig, 0, 'alarm');
    await signal(rig, 1, 'ok');
    await rig.runTo(10);
    expect(await rig.alert('cpu')).toMatchObject({ status: 'resolved' });
    await signal(rig, 10, 'alarm');
    expect(await acknowledge(rig, 0.5)).toMatchObject({
      kind: 'unchanged',
      reason: 'it was said of an earlier life of the alert',
    });
    expect(await rig.alert('cpu')).toMatchObject({ status: 'triggered' });
    expect(await acknowledge(rig, 10)).toMatchObject({ kind: 'changed' });
  });

  it('counts when the queue has kept both, its trigger and it, for an hour', async () => {
    const rig = pagingRig(await freshTable());
    await rig.justTo(60);
    await signal(rig, 0, 'alarm');
    expect(await acknowledge(rig, 1)).toMatchObject({ kind: 'changed' });
  });
});
