/** The notices that the licences of bundled packages ask for: one text beside the bundles. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUNDLES, PROJECT } from '../../lib/bundles.ts';
import { bundledFolders } from './list-packages.ts';

export const THIRD_PARTY = `${BUNDLES}/THIRD-PARTY.txt`;

const NOTICES = /^(licen[cs]e|notice|copying)/i;

export async function writeThirdParty(): Promise<void> {
  const folders = [...(await bundledFolders())].sort();
  mkdirSync(dirname(THIRD_PARTY), { recursive: true });
  writeFileSync(THIRD_PARTY, renderThirdParty(folders));
}

/** Packages that say the same stand together: an AWS SDK is two dozen of them. */
export function renderThirdParty(folders: readonly string[]): string {
  const byText = new Map<string, string[]>();
  for (const folder of folders) {
    const text = noticesOf(folder);
    byText.set(text, [...(byText.get(text) ?? []), titleOf(folder)]);
  }
  const parts = [...byText].map(([text, titles]) => `${'='.repeat(78)}\n${titles.join('\n')}\n\n${text}\n`);
  return `The functions of Tocsin contain code of these packages, under the licences below them.\n\n${parts.join('\n')}`;
}

function noticesOf(folder: string): string {
  const path = join(PROJECT, folder);
  const files = existsSync(path) ? readdirSync(path).filter((name) => NOTICES.test(name)) : [];
  // Some ship no text: then its name, and the standard text of it, is what there is.
  if (files.length === 0) return `Licence: ${manifestOf(folder).license}. The package has no text of it.`;
  return files
    .sort()
    .map((name) => readFileSync(join(path, name), 'utf8').trim())
    .join('\n\n');
}

function titleOf(folder: string): string {
  const { name, version, license } = manifestOf(folder);
  return `${name} ${version} (${license})`;
}

function manifestOf(folder: string): { name: string; version: string; license?: string } {
  return JSON.parse(readFileSync(join(PROJECT, folder, 'package.json'), 'utf8'));
}
