/** Senders' keys, as the command line makes, lists and revokes them. */
import type { ListedKey } from '../console/commands.ts';
import { OpsError } from '../shared/errors.ts';
import type { IntegrationKeyStore } from './integration-key.store.ts';
import {
  hasEnded,
  hashOf,
  type IntegrationKey,
  KEY_ID,
  KEY_NAME,
  KEY_NAME_RULE,
  mintSecret,
} from './integration-key.ts';

const MINUTE_MS = 60_000;

/** More senders than a team has; what asks for more is a loop in a script. */
const LIVE_KEYS_MOST = 100;

export type KeyPorts = { integrationKeys: IntegrationKeyStore; nowMs: () => number };

type Refused = { kind: 'rejected' | 'not-found' | 'conflict'; message: string };

/**
 * Makes a key. Alerts belong to its name, of which there may be several keys.
 * @param asked.by  `cli:<user>`
 * @returns `secret`, the key itself, this once
 */
export async function addKey(
  { name, by }: { name: string; by: string },
  { integrationKeys, nowMs }: KeyPorts,
): Promise<{ kind: 'ok'; added: ListedKey; secret: string } | Refused> {
  if (!KEY_NAME.test(name)) {
    return { kind: 'rejected', message: `the name ${JSON.stringify(name)}: write ${KEY_NAME_RULE}` };
  }
  const live = await liveKeys({ integrationKeys, nowMs });
  if (live.length >= LIVE_KEYS_MOST) {
    const message = `there are ${live.length} keys: revoke some with \`tocsin keys revoke\``;
    return { kind: 'conflict', message };
  }
  const secret = mintSecret();
  const key: IntegrationKey = { ...hashOf(secret)!, name, createdAt: nowMs(), createdBy: by };
  if (await integrationKeys.add(key)) return { kind: 'ok', added: listed(key), secret };
  throw new OpsError('retry', `the id ${key.id} is taken already: try again`);
}

/**
 * Exchanges a sender's key: a new one is made, and all others of its name end when the overlap is over. Until then each
 * of them is good, so the sender changes over when it likes. What an earlier exchange said stands: a key ends then, not
 * sooner and not later; `revokeKey` ends it at once.
 * @param asked.overlapMinutes  from now
 * @returns as `addKey`, and the keys that end, each with its own moment
 */
export async function rotateKey(
  { name, overlapMinutes, by }: { name: string; overlapMinutes: number; by: string },
  ports: KeyPorts,
): Promise<{ kind: 'ok'; added: ListedKey; secret: string; ending: ListedKey[] } | Refused> {
  const before = (await liveKeys(ports)).filter((key) => key.name === name);
  if (before.length === 0) {
    const message = `there is no live key of ${JSON.stringify(name)}: make one with \`tocsin keys add NAME\``;
    return { kind: 'not-found', message };
  }
  // First: whatever goes wrong after it, no key has ended without another in its place.
  const made = await addKey({ name, by }, ports);
  if (made.kind !== 'ok') return made;
  const endsAt = ports.nowMs() + overlapMinutes * MINUTE_MS;
  await Promise.all(before.map(({ id }) => ports.integrationKeys.end(id, endsAt)));
  const stored = await Promise.all(before.map(({ id }) => ports.integrationKeys.read(id)));
  const ending = stored.flatMap((key) => (key && key.revokedAt === undefined ? [listed(key)] : []));
  return { ...made, ending };
}

async function liveKeys({ integrationKeys, nowMs }: KeyPorts): Promise<IntegrationKey[]> {
  const now = nowMs();
  return (await integrationKeys.list()).filter((key) => key.revokedAt === undefined && !hasEnded(key, now));
}

/** Every key, the newest first; revoked and ended ones for a year. */
export async function listKeys({ integrationKeys }: Pick<KeyPorts, 'integrationKeys'>): Promise<ListedKey[]> {
  return (await integrationKeys.list()).map(listed).sort((a, b) => b.createdAt - a.createdAt);
}

/** From now on nothing that has this key is let in; open alerts of its name stay. */
export async function revokeKey(
  { id, by }: { id: string; by: string },
  { integrationKeys, nowMs }: KeyPorts,
): Promise<{ kind: 'ok'; keys: ListedKey[] } | Refused> {
  const isId = KEY_ID.test(id);
  const revoked = isId && (await integrationKeys.revoke(id, by, nowMs()));
  const key = isId ? await integrationKeys.read(id) : undefined;
  if (!key) {
    return { kind: 'not-found', message: `there is no key ${id}: list them with \`tocsin keys list\`` };
  }
  if (!revoked) return { kind: 'conflict', message: `key ${id} of ${key.name} was revoked before` };
  return { kind: 'ok', keys: [listed(key)] };
}

function listed({ hash: _hash, ...key }: IntegrationKey): ListedKey {
  return key;
}
