/** A key that was exchanged opens nothing any more once the overlap that was promised is over. Source: design, Signals */
import type { Invariant } from '../run.ts';
import { iso } from './words.ts';

export const anEndedKeyIsRefused: Invariant = ({ requests }) =>
  requests
    .filter(({ key, at, status }) => at >= key.endedFrom && status < 300)
    .map(({ sender, key, at, status }) => ({
      invariant: 'an-ended-key-is-refused',
      at,
      what: `${sender} was answered ${status} at ${iso(at)}, with a key that had ended by ${iso(key.endedFrom)}`,
    }));
