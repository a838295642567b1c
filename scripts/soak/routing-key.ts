/** A key for another sender, as an operator makes it: at the command line. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** @returns the key itself */
export function addKey(folder: string, name: string): string {
  const command = [join(PROJECT, 'cli/tocsin.mjs'), 'keys', 'add', name, '--json', '--data-dir', folder];
  const { secret } = JSON.parse(
    execFileSync(process.execPath, command, { encoding: 'utf8', stdio: 'pipe' }),
  ) as {
    secret: string;
  };
  return secret;
}
