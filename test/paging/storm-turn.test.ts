import { describe, expect, it } from 'vitest';
import type { Alert, Page } from '../../functions/alerts/alert.ts';
import { START_MS } from '../support/story.ts';
import { type LineRig, lineRig, takeTurn, waitingAlert } from '../support/waiting-line.ts';

const SECOND_MS = 1_000;

/** `storm-00`, `storm-01` …, owed in that order, of two services. */
function alerts(from: number, to: number, page: Partial<Page> = {}, changes: Partial<Alert> = {}): Alert[] {
  return Array.from({ length: to - from }, (_, n) => {
    const number = String(from + n).padStart(3, '0');
    const service = n % 2 === 0 ? 'checkout' : 'search';
    return waitingAlert(`storm-${number}`, { owedAt: START_MS + from + n, ...page }, { service, ...changes });
  });
}

/** A slot that is armed for 2 s after minute 0; so many wait since minute 0. */
async function line(many: readonly Alert[], options: Parameters<typeof lineRig>[0] = {}): Promise<LineRig> {
  const rig = await lineRig(options);
  await rig.putInLine(many[0]!);
  await rig.putManyInLine(many.slice(1));
  await rig.wait(2 * SECOND_MS);
  return rig;
}

const body = (rig: LineRig) => rig.sent.map((one) => one.body.split('\n')[0]);

async function statuses(rig: LineRig, many: readonly Alert[]): Promise<string[]> {
  return [...new Set(await Promise.all(many.map(async ({ id }) => (await rig.page(id)).status)))];
}

describe('a slot’s turn', () => {
  it('lists 50 pages in one message, and settles them', async () => {
    const many = alerts(0, 50);
    const rig = await line(many);
    await takeTurn(rig);
    expect(body(rig)).toEqual(['CRITICAL 25 alerts in checkout, 25 in search since 03:00Z']);
    expect(await statuses(rig, many)).toEqual(['sent']);
    expect((await rig.slot()).told).toBeUndefined();
    expect((await rig.ports.messages.read('1'))!.storm).toBeUndefined();
  });

  it('with 51 tells of a storm, remembers up to when it told, and settles all in its next turn, at once', async () => {
    const many = alerts(0, 51);
    const rig = await line(many);
    const at = rig.at();
    await takeTurn(rig);
    expect(body(rig)).toEqual(['CRITICAL STORM: 51 alerts: checkout 26, search 25']);
    const slot = await rig.slot();
    expect(slot.told).toEqual({ pages: { at, upTo: at - SECOND_MS } });
    expect(slot.sent![0]!.pages).toHaveLength(50);
    expect(await rig.ports.messages.read('1')).toMatchObject({ storm: true });
    const link = await rig.ports.links.read(/\/a\/([\w-]{22})/.exec(rig.sent[0]!.body)![1]!);
    expect(link).toMatchObject({
      storm: { until: at - SECOND_MS, channel: 'sms', severity: 'critical', alerts: 51 },
    });
    expect(link!.alerts).toHaveLength(50);
    expect(rig.handedOver).toEqual(['0:02 contact#ana#sms slot']);
    expect(await rig.line()).toHaveLength(51);
    await takeTurn(rig);
    expect(await statuses(rig, many)).toEqual(['sent']);
    expect(await rig.line()).toEqual([]);
    expect((await rig.slot()).told).toBeUndefined();
    expect(rig.sent).toHaveLength(1);
  });

  it('does not take for a storm what has come within the last second: it lists the first 50 alone', async () => {
    const many = alerts(0, 51);
    const rig = await lineRig();
    await rig.putInLine(many[0]!);
    await rig.wait(2 * SECOND_MS);
    await rig.putManyInLine(many.slice(1), rig.at() - SECOND_MS + 1);
    await takeTurn(rig);
    expect(body(rig)).toEqual(['CRITICAL 25 alerts in checkout, 25 in search since 03:00Z']);
    expect(await rig.line()).toEqual(['storm-050']);
    expect(rig.handedOver).toEqual(['1:02 contact#ana#sms slot']);
  });

  it('does not take for a storm 50 that one more has joined within the last second', async () => {
    const many = alerts(0, 51);
    const rig = await line(many.slice(0, 50));
    await rig.putManyInLine(many.slice(50), rig.at() - SECOND_MS + 1);
    await takeTurn(rig);
    expect(body(rig)).toEqual(['CRITICAL 25 alerts in checkout, 25 in search since 03:00Z']);
    expect(await rig.line()).toEqual(['storm-050']);
  });

  it('takes what has come a full second ago for part of it', async () => {
    const many = alerts(0, 51);
    const rig = await lineRig();
    await rig.putInLine(many[0]!);
    await rig.wait(2 * SECOND_MS);
    await rig.putManyInLine(many.slice(1), rig.at() - SECOND_MS);
    await takeTurn(rig);
    expect(body(rig)).toEqual(['CRITICAL STORM: 51 alerts: checkout 26, search 25']);
  });

  it('tells nothing in a storm of the 10 that have come within the last second', async () => {
    const many = alerts(0, 51, {}, { severity: 'warning' });
    const rig = await line(many);
    const late = alerts(51, 61);
    await rig.putManyInLine(late);
    await takeTurn(rig);
    expect(body(rig)).toEqual(['WARNING STORM: 51 alerts: checkout 26, search 25']);
    expect((await rig.slot()).sent![0]!.pages).not.toContain('storm-051#1');
    await takeTurn(rig);
    expect(await rig.line()).toEqual(late.map(({ id }) => id));
    expect(await statuses(rig, late)).toEqual(['waiting']);
    expect(rig.handedOver.at(-1)).toBe('1:02 contact#ana#sms slot');
  });

  it('does not count what is answered: of 53 with 2 acknowledged it tells of 51, of 52 it lists 50', async () => {
    const known = alerts(0, 2, {}, { status: 'acknowledged' });
    const storm = await line([...known, ...alerts(2, 53)]);
    await takeTurn(storm);
    expect(body(storm)).toEqual(['CRITICAL STORM: 51 alerts: checkout 26, search 25']);
    expect(await statuses(storm, known)).toEqual(['dropped']);
    const bundle = await line([...known, ...alerts(2, 52)]);
    await takeTurn(bundle);
    expect(body(bundle)).toEqual(['CRITICAL 25 alerts in checkout, 25 in search since 03:00Z']);
  });

  it('tells of 51 notices as a storm of notices, beside the storm of pages that is not settled yet', async () => {
    const over = { status: 'resolved', endedCopied: true } as const;
    const rig = await line(alerts(0, 51, { kind: 'notice' }, over));
    const told = { pages: { at: START_MS, upTo: START_MS - 1 } };
    const { dueAt, version } = await rig.slot();
    const lease = (await rig.ports.slots.claimTurn(
      { responder: 'ana', channel: 'sms' },
      { dueAt, version },
      rig.at(),
    ))!;
    await rig.ports.slots.endTurn(lease, { sent: null, turn: rig.at(), told }, rig.at());
    await takeTurn(rig);
    const at = rig.at();
    expect(rig.sent).toHaveLength(1);
    expect((await rig.slot()).told).toEqual({ ...told, notices: { at, upTo: at - SECOND_MS } });
  });

  it('leaves notices for later in a storm of pages', async () => {
    const notice = alerts(51, 52, { kind: 'notice' }, { status: 'resolved', endedCopied: true });
    const rig = await line([...alerts(0, 51), ...notice]);
    await takeTurn(rig);
    expect(body(rig)).toEqual(['CRITICAL STORM: 51 alerts: checkout 26, search 25']);
    await takeTurn(rig);
    expect(await rig.line()).toEqual(['storm-051']);
  });

  it('looks 100 pages up, the worst first: where those are answered it goes on with the others at once', async () => {
    const known = alerts(0, 100, {}, { status: 'acknowledged' });
    const others = alerts(100, 103, {}, { severity: 'warning' });
    const rig = await line([...others, ...known]);
    await takeTurn(rig);
    expect(rig.sent).toEqual([]);
    expect(await rig.line()).toEqual(others.map(({ id }) => id));
    expect(rig.handedOver).toEqual(['0:02 contact#ana#sms slot']);
    await takeTurn(rig);
    expect(body(rig)).toEqual(['WARNING 2 alerts in checkout, 1 in search since 03:00Z']);
  });

  it('lists the 50 that it found where 50 of the 100 that it looked up are answered, and no storm', async () => {
    const known = alerts(0, 50, {}, { status: 'acknowledged' });
    const rig = await line([...known, ...alerts(50, 110)]);
    await takeTurn(rig);
    expect(body(rig)).toEqual(['CRITICAL 25 alerts in checkout, 25 in search since 03:00Z']);
    expect(await rig.line()).toHaveLength(10);
  });

  it('of a storm that SNS refuses leaves each alert to try again, and remembers no storm', async () => {
    const many = alerts(0, 51);
    const rig = await line(many, { publish: () => 'failed' });
    await takeTurn(rig);
    expect(await statuses(rig, many)).toEqual(['owed']);
    expect(await rig.line()).toEqual([]);
    const slot = await rig.slot();
    expect([slot.told, slot.sent, slot.dueAt]).toEqual([undefined, undefined, undefined]);
  });
});
