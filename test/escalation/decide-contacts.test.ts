import { describe, expect, it } from 'vitest';
import { decideContacts } from '../../functions/escalation/decide-contacts.ts';
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
    }));

  it('hands an empty level 2 to level 3, as level 3', () =>
    expect(decide(team([['ana'], [], ['cleo'], ['dan']]), 2)).toMatchObject({ level: 3, empty: [2] }));

  it('hands empty levels 2 to 4 to the highest that has somebody', () =>
    expect(decide(team([['ana'], [], [], []]), 2)).toMatchObject({ level: 1, empty: [2, 3, 4] }));

  it('hands an empty level 3 down past an empty 2 when nobody is above', () =>
    expect(decide(team([['ana'], ['ben'], [], []]), 4)).toMatchObject({ level: 2, empty: [4, 3] }));

  it('says nobody when every level is empty', () =>
    expect(decide(team([[], [], [], []]), 2)).toEqual({ kind: 'nobody', level: 2, empty: [2, 3, 4, 1] }));

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
});
