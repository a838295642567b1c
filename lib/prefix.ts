/** What begins the name of everything of one installation. */
import { OpsError } from '../functions/shared/errors.ts';

export const DEFAULT_PREFIX = 'tocsin';

/** Short enough for the longest name that is made with it: 64 characters for a function, and for a schedule. */
const PREFIX = /^[a-z][a-z0-9-]{0,39}$/;

/** @throws OpsError `rejected` */
export function checkPrefix(prefix: string): string {
  if (PREFIX.test(prefix)) return prefix;
  throw new OpsError(
    'rejected',
    `the prefix '${prefix}' does not do: use 1 to 40 of a–z, 0–9 and -, beginning with a letter`,
  );
}
