import { describe, expect, it } from 'vitest';
import { pagingRig, type Rig } from '../support/paging-rig.ts';
import { memoryTableOfTest } from '../support/real-table.ts';

/** As the audit marks them, at this moment. */
async function mark(rig: Rig, ...contacts: { responder: string; channel: 'sms' | 'email' }[]) {
  await rig.ports.situation.change((situation) => ({
    ...situation,
    unreachable: contacts.map((contact) => ({ ...contact, reason: 'opted out', since: rig.at() })),
  }));
}

const ana = (channel: 'sms' | 'email') => ({ responder: 'ana', channel });

/** A first alert takes Ana's slots, and another waits for them. */
async function waiting(name: string): Promise<Rig> {
  const rig = pagingRig(await memoryTableOfTest());
  await rig.signal(0, 'first', 'alarm');
  await rig.answer(0.1, 'first', 'resolve', 'ben');
  await rig.signal(0.2, name, 'alarm');
  return rig;
}

describe('publishMessage', () => {
  it('sends nothing to a contact that was marked while its page waited: SNS would take it and drop it', async () => {
    const rig = await waiting('second');
    await rig.justTo(0.5);
    await mark(rig, ana('sms'));
    await rig.runTo(2);
    expect(rig.messages().filter((line) => line.endsWith('sms'))).toEqual(['0:00 ana sms']);
    const { pages } = await rig.alert('second');
    expect(pages.map(({ channel, status, reason }) => [channel, status, reason])).toEqual([
      ['sms', 'undeliverable', 'opted out'],
      ['email', 'sent', undefined],
    ]);
  });

  it('lets such a page find its way: nothing arrives at level 1, so level 2 is paged at once', async () => {
    const rig = await waiting('second');
    await rig.justTo(0.5);
    await mark(rig, ana('sms'), ana('email'));
    await rig.runTo(2);
    const later = rig.messages().filter((line) => !line.startsWith('0:00'));
    expect(later.sort()).toEqual(['1:00 ben email', '1:00 ben sms']);
  });
});
