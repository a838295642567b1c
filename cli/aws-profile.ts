/** Whether the profile that AWS_PROFILE names is there: the SDK says only that it found no credentials or no Region. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `[nope]`, or `[profile nope]` in the file of settings */
const HEADING = /^\s*\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/gm;

export async function hasProfile(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const files = [
    env.AWS_CONFIG_FILE || join(homedir(), '.aws', 'config'),
    env.AWS_SHARED_CREDENTIALS_FILE || join(homedir(), '.aws', 'credentials'),
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.some((text) => [...text.matchAll(HEADING)].some(([, found]) => found === name));
}
