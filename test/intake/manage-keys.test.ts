import { describe, expect, test } from 'vitest';
import {
  type IntegrationKeyStore,
  integrationKeyStore,
} from '../../functions/intake/integration-key.store.ts';
import { hashOf, mintSecret } from '../../functions/intake/integration-key.ts';
import { addKey, listKeys, revokeKey } from '../../functions/intake/manage-keys.ts';
import { realTables, type TestTable } from '../support/real-table.ts';

const NOW = Date.parse('2026-11-24T03:00:00Z');
const HOUR_MS = 3_600_000;

const freshTable = realTables();

async function setUp(): Promise<{
  table: TestTable;
  store: IntegrationKeyStore;
  ports: { integrationKeys: IntegrationKeyStore; nowMs: () => number };
}> {
  const table = await freshTable();
  const store = integrationKeyStore(table);
  return { table, store, ports: { integrationKeys: store, nowMs: () => NOW } };
}

async function added(ports: Parameters<typeof addKey>[1], name = 'grafana') {
  const answer = await addKey({ name, by: 'cli:ana' }, ports);
  if (answer.kind !== 'ok') throw new Error(answer.message);
  return answer;
}

describe('mintSecret', () => {
  test('1,000 keys differ, each of 32 letters and digits', () => {
    const secrets = Array.from({ length: 1_000 }, mintSecret);
    expect(new Set(secrets).size).toBe(1_000);
    expect(secrets.filter((secret) => !/^[A-Za-z0-9]{32}$/.test(secret))).toEqual([]);
  });
});

describe('addKey', () => {
  test('says the key once, and keeps only its hash', async () => {
    const { table, ports } = await setUp();
    const { secret, added: key } = await added(ports);
    expect(key).toEqual({
      id: hashOf(secret)!.hash.slice(0, 12),
      name: 'grafana',
      createdAt: NOW,
      createdBy: 'cli:ana',
    });
    const stored = await table.items();
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect(stored[0]).toMatchObject({ hash: hashOf(secret)!.hash });
  });

  test.each(['', 'Grafana', '2nd', 'a_b', 'a'.repeat(33), 'graf\nana'])(
    'the name %j is refused, with what to write',
    async (name) => {
      const { table, ports } = await setUp();
      expect(await addKey({ name, by: 'cli:ana' }, ports)).toEqual({
        kind: 'rejected',
        message: `the name ${JSON.stringify(name)}: write a name of 1 to 32 characters: a letter first, then a-z, 0-9 or -`,
      });
      expect(await table.items()).toEqual([]);
    },
  );

  test('a put whose response is lost is still one key that works', async () => {
    const { table, store, ports } = await setUp();
    await listKeys(ports);
    const put = store.add;
    store.add = (key) => {
      table.loseResponses(1);
      return put(key);
    };
    const { secret } = await added(ports);
    expect(await store.find(secret)).toMatchObject({ name: 'grafana' });
  });

  test('beyond 100 live keys none is made', async () => {
    const { ports } = await setUp();
    await Promise.all(Array.from({ length: 100 }, () => added(ports)));
    expect(await addKey({ name: 'grafana', by: 'cli:ana' }, ports)).toMatchObject({ kind: 'conflict' });
  });
});

describe('revokeKey', () => {
  test('of 2 keys of a name one goes, the other stays: a key is exchanged without a gap', async () => {
    const { store, ports } = await setUp();
    const first = await added(ports);
    const second = await added(ports);
    expect(await revokeKey({ id: first.added.id, by: 'cli:ben' }, ports)).toEqual({
      kind: 'ok',
      keys: [{ ...first.added, revokedAt: NOW, revokedBy: 'cli:ben' }],
    });
    expect(await store.find(first.secret)).toBeUndefined();
    expect(await store.find(second.secret)).toMatchObject({ id: second.added.id, name: 'grafana' });
  });

  test('a second time: said so, and who was first stays known', async () => {
    const { ports } = await setUp();
    const { added: key } = await added(ports);
    await revokeKey({ id: key.id, by: 'cli:ben' }, ports);
    expect(await revokeKey({ id: key.id, by: 'cli:cleo' }, ports)).toEqual({
      kind: 'conflict',
      message: `key ${key.id} of grafana was revoked before`,
    });
    expect(await listKeys(ports)).toMatchObject([{ revokedBy: 'cli:ben' }]);
  });

  test('a write whose response is lost has revoked it', async () => {
    const { table, ports } = await setUp();
    const { added: key } = await added(ports);
    table.loseResponses(1);
    expect(await revokeKey({ id: key.id, by: 'cli:ben' }, ports)).toMatchObject({ kind: 'ok' });
  });

  test.each(['0123456789ab', 'x', '#'.repeat(3_000)])('of an unknown id, %s, nothing is left', async (id) => {
    const { table, ports } = await setUp();
    expect(await revokeKey({ id, by: 'cli:ben' }, ports)).toEqual({
      kind: 'not-found',
      message: `there is no key ${id}: list them with \`tocsin keys list\``,
    });
    expect(await table.items()).toEqual([]);
  });
});

describe('listKeys', () => {
  test('the newest is first, and none shows its hash', async () => {
    const { ports } = await setUp();
    await added(ports);
    await added({ ...ports, nowMs: () => NOW + 1 }, 'sentry');
    const keys = await listKeys(ports);
    expect(keys.map(({ name }) => name)).toEqual(['sentry', 'grafana']);
    expect(keys.flatMap(Object.keys)).not.toContain('hash');
  });
});

describe('integrationKeyStore', () => {
  test.each([
    ['another', (secret: string) => mintSecret() + secret.slice(32)],
    ['one with another end', (secret: string) => secret.slice(0, 31) + (secret.endsWith('A') ? 'B' : 'A')],
    ['a part', (secret: string) => secret.slice(0, 31)],
    ['one with more at its end', (secret: string) => `${secret}A`],
    ['nothing', () => ''],
  ])('find: %s is none, and nothing is written', async (_title, change) => {
    const { table, store, ports } = await setUp();
    const { secret } = await added(ports);
    const before = await table.items();
    expect(await store.find(change(secret))).toBeUndefined();
    expect(await table.items()).toEqual(before);
  });

  test('find: a row whose id fits and whose hash does not is none', async () => {
    const { table, store } = await setUp();
    const secret = mintSecret();
    const { id, hash } = hashOf(secret)!;
    const forged = { id, hash: hash.slice(0, 63) + (hash.endsWith('0') ? '1' : '0') };
    await store.add({ ...forged, name: 'grafana', createdAt: NOW, createdBy: 'cli:ana' });
    expect(await table.items()).toHaveLength(1);
    expect(await store.find(secret)).toBeUndefined();
  });

  test('noteUse: within an hour only the first use is written down', async () => {
    const { store, ports } = await setUp();
    const { secret } = await added(ports);
    const use = async (atMs: number) => {
      const key = await store.find(secret);
      await store.noteUse(key!, atMs);
      return (await store.find(secret))?.lastUsedAt;
    };
    expect(await use(NOW)).toBe(NOW);
    expect(await use(NOW + HOUR_MS - 1)).toBe(NOW);
    expect(await use(NOW + HOUR_MS)).toBe(NOW + HOUR_MS);
  });

  test('noteUse: a key that is gone does not come back by its use', async () => {
    const { table, store } = await setUp();
    const key = { ...hashOf(mintSecret())!, name: 'grafana', createdAt: NOW, createdBy: 'cli:ana' };
    await store.noteUse(key, NOW);
    expect(await table.items()).toEqual([]);
  });

  test('countRequest: 20 at once are counted 1 to 20, and the next minute begins at 1', async () => {
    const { table, store } = await setUp();
    const counts = await Promise.all(
      Array.from({ length: 20 }, () => store.countRequest('abc', NOW + 59_999)),
    );
    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(await store.countRequest('abc', NOW + 60_000)).toBe(1);
    expect(await store.countRequest('abd', NOW)).toBe(1);
    const expiries = (await table.items()).map(({ expiresAtEpochS }) => expiresAtEpochS);
    expect(expiries).toEqual([NOW / 1_000 + 3_600, NOW / 1_000 + 3_660, NOW / 1_000 + 3_600]);
  });
});
