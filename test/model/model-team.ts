/** A team with what makes paging hard: two people on a level, a level that is empty, somebody without a phone. */
import type { Operations } from '../../functions/operations/operations.ts';
import { fourLevels } from '../support/teams.ts';

export const modelTeam: Operations = {
  ...fourLevels,
  responders: {
    ...fourLevels.responders,
    cleo: { name: 'Cleo', email: 'cleo@example.com' },
  },
  levels: [['ana'], ['ben', 'cleo'], [], ['dan']],
};

/** The same, as the model knows it: who is on a level, and what they have. */
export const LEVELS: readonly (readonly string[])[] = [['ana'], ['ben', 'cleo'], [], ['dan']];
export const CHANNELS: Record<string, readonly ('sms' | 'email')[]> = {
  ana: ['sms', 'email'],
  ben: ['sms', 'email'],
  cleo: ['email'],
  dan: ['sms', 'email'],
};
