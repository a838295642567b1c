/** Each kind of page, with the headers that keep it to itself; and in a browser, which asks nothing of anybody else. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openInbox } from '../../local/console/inbox.ts';
import { worldPages } from '../../local/console/pages.ts';
import type { HttpResponse } from '../../local/functions/http.ts';
import { type Scenario, scenario } from '../support/scenario.ts';
import { scenarioTeams } from '../support/scenario-teams.ts';

const CHROMIUM = '/usr/bin/chromium';
const hasChromium = existsSync(CHROMIUM);
if (!hasChromium)
  console.warn(`There is no ${CHROMIUM}: no page is opened in a browser (${import.meta.filename}).`);

/** What the policy of every page says, less the hash of its style. */
const DIRECTIVES = ["default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"];

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const KINDS = [
  'alert',
  'alert, acknowledged',
  'alert, escalated and answered',
  'bundle',
  'storm',
  'storm, answered',
  'alert, resolved',
  'test message',
  'test message, arrived',
  'test message, expired',
  'unknown',
  'bad request',
  'expired',
  'local world',
  'local world, one message',
] as const;
type Kind = (typeof KINDS)[number];

/** Runs in the page, before anything of it. */
const TELLS_VIOLATIONS =
  "document.addEventListener('securitypolicyviolation', (event) => console.error('violates ' + event.violatedDirective));";

const pages = new Map<Kind, HttpResponse>();
let redirected: HttpResponse;
const folder = mkdtempSync(join(tmpdir(), 'tocsin-pages-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  await tellAlert();
  await tellStorm();
  await tellTest();
}, 120_000);

/** As the browser sends a form, without following. */
const press = (story: Scenario, path: string, action: string) =>
  story.world.request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `action=${action}`,
  });

async function tellAlert(): Promise<void> {
  const story = await scenario();
  story.alarm(0, 'orders-5xx');
  await story.runTo(1);
  const link = story.link('ana sms');
  pages.set('alert', await story.open(link));
  pages.set('bad request', await press(story, link, 'explode'));
  redirected = await press(story, link, 'escalate');
  pages.set('alert, escalated and answered', await story.open(redirected.headers.location!.split('#')[0]!));
  pages.set('alert, acknowledged', await story.post(link, 'acknowledge'));
  pages.set('unknown', await story.open('/a/AAAAAAAAAAAAAAAAAAAAAA'));
  const inbox = openInbox(join(folder, 'inbox.jsonl'));
  for (const message of story.world.messages) inbox.add(message);
  const world = worldPages(inbox, scenarioTeams.fourLevels, 'in virtual time');
  const get = async (path: string) =>
    (await world({ method: 'GET', path, headers: {}, body: '' }, story.world))!;
  pages.set('local world', await get('/'));
  pages.set('local world, one message', await get('/messages/1'));
  story.ok(2, 'orders-5xx');
  await story.runTo(10);
  pages.set('alert, resolved', await story.open(link));
  await story.runTo(48 * 60);
  pages.set('expired', await press(story, link, 'acknowledge'));
}

async function tellStorm(): Promise<void> {
  const story = await scenario();
  story.alarm(0, 'first');
  for (const name of ['second', 'third']) story.alarm(0.5, name);
  await story.runTo(2);
  pages.set('bundle', await story.open(story.link('ana sms')));
  for (let n = 0; n < 60; n++) story.alarm(3, `alarm-${n}`);
  await story.runTo(5);
  const link = story.link('ana sms');
  pages.set('storm', await story.open(link));
  pages.set('storm, answered', await story.post(link, 'acknowledge'));
}

async function tellTest(): Promise<void> {
  const story = await scenario();
  void story.operate(0, { command: 'contacts-verify', responder: 'ana', by: 'cli:root' });
  await story.runTo(1);
  const link = story.link('ana sms');
  pages.set('test message', await story.open(link));
  pages.set('test message, arrived', await story.post(link, 'arrived'));
  await story.runTo(25 * 60);
  pages.set('test message, expired', await story.open(link));
}

const titleOf = ({ body }: HttpResponse) => /<title>(.*?)<\/title>/.exec(body)?.[1];

describe('every page', () => {
  test('is one of a kind of its own, as its title or status says', () => {
    expect([...pages.keys()].sort()).toEqual([...KINDS].sort());
    expect(new Set([...pages.values()].map(({ body }) => body)).size).toBe(KINDS.length);
    const statuses = KINDS.map((kind) => [kind, pages.get(kind)!.status] as const);
    expect(statuses.filter(([, status]) => status !== 200)).toEqual([
      ['test message, expired', 410],
      ['unknown', 404],
      ['bad request', 400],
      ['expired', 410],
    ]);
    expect(titleOf(pages.get('storm')!)).toMatch(/alerts/);
  });

  test.each(KINDS)('%s: a strict policy, not kept, no referrer', (kind) => {
    const { headers, body } = pages.get(kind)!;
    expect(headers).toMatchObject(HEADERS);
    const policy = headers['content-security-policy']!.split('; ');
    const [style, ...others] = [...body.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text]) => text!);
    expect(others).toEqual([]);
    const hash = createHash('sha256').update(style!).digest('base64');
    expect([...policy].sort()).toEqual([...DIRECTIVES, `style-src 'sha256-${hash}'`].sort());
  });

  test.each(KINDS)(
    '%s: no script, no style attribute, and no address elsewhere but links to follow',
    (kind) => {
      const { body } = pages.get(kind)!;
      expect(body).not.toMatch(/<script|<[^>]* (style|on\w+)=|javascript:|<(img|iframe|link|object|base)\b/i);
      const loaded = [...body.matchAll(/ (?:src|srcset|poster|action|formaction)="([^"]*)"/g)].map(
        ([, to]) => to!,
      );
      expect(loaded.filter((to) => !/^\/(?!\/)|^$/.test(to))).toEqual([]);
    },
  );

  test('an answer that leads on is not kept either', () => {
    expect(redirected.status).toBe(303);
    expect(redirected.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(redirected.headers.location).toMatch(/^(\/a\/|\?)/);
  });

  test.each([
    ['GET', '/', 404],
    ['DELETE', '/a/AAAAAAAAAAAAAAAAAAAAAA', 404],
    ['GET', '/v2/enqueue', 404],
    ['POST', '/v2/enqueue', 400],
  ])('%s %s is no page: %i in JSON', async (method, path, status) => {
    const { world } = await scenario();
    const answer = await world.request({ method, path, ...(method === 'POST' ? { body: '<b>' } : {}) });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.body).not.toContain('<');
  });

  test('a function that fails says so with 503, without what went wrong', async () => {
    const story = await scenario({
      inject: ({ function: name }) =>
        name === 'tocsin-answer' ? { kind: 'refuse', code: 'Odd', message: 'of +12025550101' } : undefined,
    });
    const answer = await story.open('/a/AAAAAAAAAAAAAAAAAAAAAA');
    expect(answer.status).toBe(503);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.body).toContain('This did not work just now');
    expect(answer.body).not.toMatch(/Odd|0101/);
  });
});

describe.runIf(hasChromium)('in a browser', () => {
  let browser: Browser;
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    server = createServer((request, response) => {
      const answer = served.get(request.url ?? '');
      if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
      else response.writeHead(204).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server.closeAllConnections();
    server.close();
  });

  const served = new Map<string, HttpResponse>();

  /** @returns what the page asked of others, and what its policy refused */
  async function openPage(answer: HttpResponse): Promise<string[]> {
    served.set('/page', answer);
    const complaints: string[] = [];
    const context = await browser.newContext();
    const page: Page = await context.newPage();
    await page.addInitScript(TELLS_VIOLATIONS);
    page.on('console', (message) => {
      // Chromium's own line for a status beyond 399.
      if (!/the server responded with a status of 4/.test(message.text())) complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`)) complaints.push(`asks ${request.url()}`);
    });
    await page.goto(`${origin}/page`, { waitUntil: 'networkidle' });
    for (const summary of await page.locator('summary').all()) await summary.click();
    await context.close();
    return complaints;
  }

  test.each(KINDS)('%s: no request leaves, and its policy refuses nothing of it', async (kind) => {
    expect(await openPage(pages.get(kind)!)).toEqual([]);
  });

  test.each([
    ['an image of another host', '<img src="http://elsewhere.example/1.png">', /elsewhere|img-src/],
    ['a style of its own', '<p style="color:red">red</p>', /style-src/],
    ['a script', '<script>document.title = "owned"</script>', /script-src/],
  ])('%s is found, and refused', async (_, markup, complaint) => {
    const alert = pages.get('alert')!;
    const body = alert.body.replace('</main>', `${markup}</main>`);
    expect((await openPage({ ...alert, body })).join('\n')).toMatch(complaint);
  });
});
