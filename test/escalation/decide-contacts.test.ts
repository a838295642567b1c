import { describe, expect, it } from 'vitest';
import { channelsOf, decideContacts, whyUnreachable } from '../../functions/escalation/decide-contacts.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import { fourLevels } from '../support/teams.ts';

const NOW_MS = Date.UTC(2026, 2, 2, 3, 0, 0);

const team = (levels: string[][]): Operations => ({ ...fourLevels, levels });

const decide = (operations: Operations, level: number) =>
  decideContacts(operations, level, ['sms', 'email'], NOW_MS);

describe('decideContacts', () => {
  it('pages the level on every channel of the step', () =>
    expect(decide(fourLevels, 2)).toEqual({
      kind: 'page',
      level: 2,
      contacts: [
        { responder: 'ben', channel: 'sms' },
        { responder: 'ben', channel: 'email' },
      ],
      empty: [],
      unreachable: [],
    }));

  it('hands an empty level 2 to level 3, as level 3', () =>
    expect(decide(team([['ana'], [], ['cleo'], ['dan']]), 2)).toMatchObject({ level: 3, empty: [2] }));

  it('hands empty levels 2 to 4 to the highest that has somebody', () =>
    expect(decide(team([['ana'], [], [], []]), 2)).toMatchObject({ level: 1, empty: [2, 3, 4] }));

  it('hands an empty level 3 down past an empty 2 when nobody is above', () =>
    expect(decide(team([['ana'], ['ben'], [], []]), 4)).toMatchObject({ level: 2, empty: [4, 3] }));

  it('says nobody when every level is empty', () =>
    expect(decide(team([[], [], [], []]), 2)).toEqual({
      kind: 'nobody',
      level: 2,
      empty: [2, 3, 4, 1],
      unreachable: [],
    }));

  it('takes the last level for one that operations.ts no longer has', () =>
    expect(decide(team([['ana'], ['ben']]), 4)).toMatchObject({ level: 2, empty: [] }));

  it('pages who has none of the channels on what they have', () => {
    const operations = { ...fourLevels, responders: { ana: { name: 'Ana', email: 'ana@example.com' } } };
    expect(decideContacts({ ...operations, levels: [['ana']] }, 1, ['sms'], NOW_MS)).toMatchObject({
      contacts: [{ responder: 'ana', channel: 'email' }],
    });
  });

  it('passes over a responder that operations.ts no longer has', () =>
    expect(decide(team([['zoe', 'ana']]), 1)).toMatchObject({
      contacts: [
        { responder: 'ana', channel: 'sms' },
        { responder: 'ana', channel: 'email' },
      ],
    }));

  it('takes level 1 for a level below it', () =>
    expect(decide(fourLevels, 0)).toMatchObject({ level: 1, empty: [] }));

  it('passes over a name that only every object has', () =>
    expect(decide(team([['constructor'], ['ben']]), 1)).toMatchObject({ level: 2, empty: [1] }));

  describe('with contacts that cannot be reached', () => {
    const optedOut = 'the phone has opted out';
    const bounced = 'the email is not confirmed';
    const dead = (unreachable: Record<string, { sms?: string; email?: string }>): Operations => ({
      ...fourLevels,
      responders: Object.fromEntries(
        Object.entries(fourLevels.responders).map(([name, person]) => [
          name,
          { ...person, unreachable: unreachable[name] },
        ]),
      ),
    });

    it('pages Ana by email alone when her phone has opted out, and says so', () =>
      expect(decide(dead({ ana: { sms: optedOut } }), 1)).toEqual({
        kind: 'page',
        level: 1,
        contacts: [{ responder: 'ana', channel: 'email' }],
        empty: [],
        unreachable: [{ responder: 'ana', channel: 'sms', reason: optedOut, level: 1 }],
      }));

    it('pages by email who can be reached only so, although the step says SMS', () =>
      expect(decideContacts(dead({ ana: { sms: optedOut } }), 1, ['sms'], NOW_MS)).toMatchObject({
        contacts: [{ responder: 'ana', channel: 'email' }],
      }));

    it('does not speak of a dead email where the step wants SMS alone', () =>
      expect(decideContacts(dead({ ana: { email: bounced } }), 1, ['sms'], NOW_MS)).toMatchObject({
        contacts: [{ responder: 'ana', channel: 'sms' }],
        unreachable: [],
      }));

    it('hands level 1 to level 2 when Ana can be reached on nothing', () =>
      expect(decide(dead({ ana: { sms: optedOut, email: bounced } }), 1)).toMatchObject({
        kind: 'page',
        level: 2,
        empty: [1],
        unreachable: [
          { responder: 'ana', channel: 'sms', level: 1 },
          { responder: 'ana', channel: 'email', level: 1 },
        ],
      }));

    it('says nobody when all 4 people can be reached on nothing', () => {
      const all = { sms: optedOut, email: bounced };
      const decision = decide(dead({ ana: all, ben: all, cleo: all, dan: all }), 1);
      expect(decision).toMatchObject({ kind: 'nobody', empty: [1, 2, 3, 4] });
      expect(decision.unreachable).toHaveLength(8);
    });

    it('speaks of the dead email of somebody who has no phone, although the step says SMS', () => {
      const ana = { name: 'Ana', email: 'ana@example.com', unreachable: { email: bounced } };
      const operations = { ...fourLevels, responders: { ...fourLevels.responders, ana } };
      expect(decideContacts(operations, 1, ['sms'], NOW_MS)).toMatchObject({
        level: 2,
        unreachable: [{ responder: 'ana', channel: 'email', reason: bounced, level: 1 }],
      });
    });

    it('knows why, for a person, and nothing of the topic, of who is well, or of who has left', () => {
      const operations = dead({ ana: { sms: optedOut } });
      const why = (responder: string, channel: 'sms' | 'email' | 'topic') =>
        whyUnreachable(operations, { responder, channel });
      expect([
        why('ana', 'sms'),
        why('ana', 'email'),
        why('ana', 'topic'),
        why('ben', 'sms'),
        why('zoe', 'sms'),
      ]).toEqual([optedOut, undefined, undefined, undefined, undefined]);
    });

    it('has no channel for who has left', () => expect(channelsOf(fourLevels, 'zoe', ['sms'])).toEqual([]));
  });
});
