import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openInbox } from '../../local/console/inbox.ts';
import { worldPages } from '../../local/console/pages.ts';
import { createVirtualWorld } from '../../local/virtual-world.ts';
import { sampleAlert } from '../support/sample-alert.ts';
import { fourLevels } from '../support/teams.ts';
import { removeAssemblies, writeAssembly } from '../support/tiny-assembly.ts';

const START_MS = Date.UTC(2026, 0, 5, 3);
const folder = mkdtempSync(join(tmpdir(), 'tocsin-pages-'));

afterAll(() => {
  removeAssemblies();
  rmSync(folder, { recursive: true });
});

/** As many alerts as are asked for, of as many as there are. */
const operateOf = (open: number, ended: number) => `
  const alert = ${JSON.stringify(sampleAlert())};
  export const handler = async (command) => {
    const total = command.ended ? ${ended} : ${open};
    const alerts = Array.from({ length: Math.min(total, command.limit) }, (_, n) => ({ ...alert, id: 'a' + n }));
    return { kind: 'ok', alerts, total };
  };`;

async function show(open: number, ended: number, messages: number) {
  const assembly = writeAssembly(
    { main: { Resources: {} } },
    { 'tocsin-operate': { source: operateOf(open, ended) } },
  );
  const world = await createVirtualWorld({ assembly, startMs: START_MS });
  const inbox = openInbox(join(folder, `${open}.jsonl`));
  for (let n = 1; n <= messages; n += 1)
    inbox.add({ at: START_MS, channel: 'sms', to: '+12025550101', body: `m${n}`, delivered: true });
  const pages = worldPages(inbox, fourLevels, 'in real time');
  const get = async (path: string) =>
    (await pages({ method: 'GET', path, headers: {}, body: '' }, world))?.body ?? '';
  return { page: await get('/'), get };
}

const cards = (page: string) => page.split('<article class="card').length - 1;

describe('the page of the world', () => {
  it('shows 60 of 10,020 alerts and 50 of 300 messages, and how many there are, in less than 300 KB', async () => {
    const { page } = await show(10_000, 20, 300);
    expect(cards(page)).toBe(60);
    expect(page.split('class="message sms"').length - 1).toBe(50);
    for (const head of [
      '10,000 open alerts, the latest 50',
      '20 ended alerts, the latest 10',
      '300 messages, the latest 50',
    ])
      expect(page).toContain(`>${head}</h2>`);
    expect(page).toContain('<title>(10000) Tocsin on this laptop</title>');
    expect(page.length).toBeLessThan(300_000);
  });

  it('says only how many there are when it shows them all', async () => {
    const { page } = await show(1, 0, 0);
    expect(page).toContain('>1 open alert</h2>');
    expect(page).toContain('Nothing in the inbox yet');
    expect(cards(page)).toBe(1);
  });

  it('still has the first of 300 messages at its own address', async () => {
    const { get } = await show(0, 0, 300);
    expect(await get('/messages/1')).toContain('m1');
    expect(await get('/messages/301')).toBe('');
  });
});
