import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alert } from '../../functions/alerts/alert.ts';
import type { ListedContact, ListedKey, ListedWindow } from '../../functions/console/commands.ts';
import type { Finding } from '../../functions/doctor/contract.ts';
import type { DeliveredMessage } from '../../local/aws/topics.ts';
import { type LocalWorld, startLocalWorld } from '../../local/start.ts';
import { runTocsin } from './run-tocsin.ts';

const WAITED_MS = 25_000;

const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
const messages: DeliveredMessage[] = [];
let local: LocalWorld;
beforeAll(async () => {
  local = await startLocalWorld({
    port: 0,
    speed: 1,
    noStory: true,
    dataDir,
    onMessage: (message) => messages.push(message),
  });
});
afterAll(async () => {
  await local.stop();
  rmSync(dataDir, { recursive: true });
});

async function tocsin(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runTocsin([...args, '--data-dir', dataDir]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [first, ...lines] = stdout.trimEnd().split('\n');
  expect(first).toBe(`local world at ${local.url}`);
  return lines;
}

async function read<T>(...args: string[]): Promise<T[]> {
  const { stdout } = await runTocsin([...args, '--json', '--data-dir', dataDir]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as T);
}

/** What is queued arrives in its own time. */
async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let waitedMs = 0; waitedMs < WAITED_MS; waitedMs += 200) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(200);
  }
  throw new Error(`nothing within ${WAITED_MS} ms`);
}

const titled = (title: string) =>
  until(async () => (await read<Alert>('alerts')).find(({ detail }) => detail.title === title));

describe('tocsin on a running world', () => {
  it('opens an alert by hand, shows, acknowledges, snoozes and ends it', async () => {
    const [raised] = await tocsin('alert', 'Backups are late', '--key', 'backups', '--label', 'team=data');
    expect(raised).toMatch(/^Alert [0-9a-f]{16} is on its way\.$/);
    const { id } = await titled('Backups are late');
    const short = id.slice(0, 6);
    expect((await tocsin('alerts')).join('\n')).toContain('Backups are late');
    await until(() => messages.find(({ body }) => body.includes('Backups are late')));
    expect((await tocsin('show', short)).join('\n')).toMatch(/labels .*team=data/);
    expect((await tocsin('ack', short))[1]).toMatch(/^You acknowledged this at /);
    const snooze = ['snooze', short, '--for', '2h', '--reason', 'tapes are slow'];
    expect((await tocsin(...snooze)).join('\n')).toMatch(/snoozed/i);
    expect((await tocsin('alerts')).join('\n')).toMatch(/ snoozed /);
    await tocsin('alert', 'Backups are late', '--key', 'backups', '--resolve');
    expect((await tocsin('resolve', short)).join('\n')).toMatch(/resolved/i);
    expect(await tocsin('alerts')).toEqual(['No open alerts. All is quiet.']);
    // It leaves one list and comes into the other: an index may know neither for a moment.
    await until(async () =>
      (await tocsin('alerts', '--all')).some((line) => line.includes('Backups are late')) ? true : undefined,
    );
  });

  it('holds what a maintenance window matches until it is ended', async () => {
    const start = ['maintenance', 'start', '--label', 'team=shop', '--for', '1h', '--reason', 'move'];
    expect((await tocsin(...start))[0]).toMatch(/^Maintenance [0-9a-f]{6} until .* holds team=shop: move$/);
    const [window] = await read<ListedWindow>('maintenance', 'list');
    await tocsin('alert', 'Shop is slow', '--key', 'shop', '--label', 'team=shop');
    expect((await titled('Shop is slow')).holds.maintenance).toBeDefined();
    await tocsin('maintenance', 'end', window!.id);
    await until(async () => ((await titled('Shop is slow')).holds.maintenance ? undefined : 'released'));
    expect(await tocsin('maintenance', 'list')).toEqual(['No maintenance.']);
    expect((await tocsin('silence', 'list'))[0]).toBe('No silences.');
    await tocsin('resolve', (await titled('Shop is slow')).id);
  });

  it('lets a sender in with a key, and no more once it is revoked', async () => {
    const [made] = await read<{ added: ListedKey; secret: string; url: string }>('keys', 'add', 'grafana');
    const { secret, url, added } = made!;
    const enqueue = () =>
      fetch(`${url}/v2/enqueue`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          routing_key: secret,
          event_action: 'trigger',
          payload: { summary: 'Disk is full', source: 'db-1', severity: 'critical' },
        }),
      });
    expect((await enqueue()).status).toBe(202);
    const ofGrafana = async () =>
      (await read<Alert>('alerts')).find(
        ({ source }) => source.kind === 'integration' && source.integration === 'grafana',
      );
    await until(ofGrafana);
    await tocsin('keys', 'revoke', added.id);
    expect((await enqueue()).status).not.toBe(202);
    expect((await tocsin('keys', 'list')).join('\n')).toMatch(/grafana .* revoked$/m);
  });

  it('lists contacts, and sends a test to one', async () => {
    const contacts = await read<ListedContact>('contacts', 'list');
    expect(contacts.map(({ responder }) => responder)).toContain('eli');
    const before = messages.length;
    const lines = await tocsin('contacts', 'verify', 'eli', '--channel', 'email');
    expect(lines).toEqual(['Sent to eli by email: open its link to say that it arrived.']);
    expect(messages.slice(before)).toMatchObject([{ channel: 'email' }]);
  });

  it('finds nothing in the way of a page; the tick may not have run in the first minute', async () => {
    const findings = await read<Finding>('doctor');
    expect(findings.filter(({ id, state }) => state !== 'ok' && id !== 'tick')).toEqual([]);
    expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['world', 'clock', 'tick']));
  });
});
