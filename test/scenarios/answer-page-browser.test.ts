import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { atMinute, type Scenario, scenario } from '../support/scenario.ts';

const CHROMIUM = '/usr/bin/chromium';
const hasChromium = existsSync(CHROMIUM);
if (!hasChromium) {
  console.warn(
    `There is no ${CHROMIUM}: the tests of the answer page in a browser (${import.meta.filename}) are left out.`,
  );
}

const PHONE = { width: 390, height: 844 };

describe.runIf(hasChromium)('the answer page on a phone, without JavaScript', () => {
  let browser: Browser;
  let page: Page;
  let site: Site;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await page.context().close();
    await site.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  /** The link of the latest message, opened on a phone. */
  const open = async (story: Scenario, receiver: string): Promise<void> => {
    site = await serve(story);
    const context = await browser.newContext({ viewport: PHONE, javaScriptEnabled: false });
    page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('requestfailed', (request) => {
      // What the next press or the end of a test cuts short is no failure.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`${request.url()} failed`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(site.origin)) complaints.push(`asks ${request.url()}`);
    });
    await page.goto(site.origin + story.link(receiver));
  };

  it('acknowledges with one press, and says so', async () => {
    const story = await scenario();
    story.alarm(0, 'orders-5xx', { reason: 'Threshold Crossed: '.concat('x'.repeat(300)) });
    await story.runTo(3);
    await open(story, 'ana sms');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('orders-5xx');
    await expectToFit(page);
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    expect(await page.locator('.flash').textContent()).toBe('You acknowledged this at 03:03Z.');
    expect(await page.getByRole('button', { name: 'Acknowledge again' }).count()).toBe(1);
    await expectToFit(page);
    expect(story.life().alert).toMatchObject({ status: 'acknowledged', acknowledgement: { by: 'ana' } });
  });

  it('escalates and resolves after a second press each', async () => {
    const story = await scenario();
    story.alarm(0, 'orders-5xx');
    await story.runTo(3);
    await open(story, 'ana email');
    const yes = page.getByRole('button', { name: 'Yes, escalate' });
    expect(await yes.isVisible()).toBe(false);
    await page.locator('summary', { hasText: 'Escalate' }).click();
    await expectToFit(page);
    await yes.click();
    expect(await page.locator('.flash').textContent()).toContain('You escalated this at 03:03Z');
    await story.runTo(4);
    expect(story.pages(1)).toEqual(['3 level 2 ben email sms']);

    await page.locator('summary', { hasText: 'Resolve' }).click();
    await page.getByRole('button', { name: 'Yes, resolve' }).click();
    expect(await page.locator('.flash').textContent()).toContain('Resolved, but the alarm still fires.');
    expect(await page.getByRole('button').count()).toBe(0);
    expect(story.life().alert.status).toBe('resolved');
  });

  it('keeps Acknowledge within reach on the first screen, 44 px high at least', async () => {
    const story = await scenario();
    story.alarm(0, 'orders-5xx', { description: 'Look at the payment provider first.\n'.repeat(30) });
    await story.runTo(1);
    await open(story, 'ana sms');
    const box = (await page.getByRole('button', { name: 'Acknowledge' }).boundingBox())!;
    expect(box.height).toBeGreaterThanOrEqual(44);
    expect(box.y + box.height).toBeLessThanOrEqual(PHONE.height);
  });

  it('shows every alert of a bundle, and answers one of them', async () => {
    const story = await scenario();
    story.alarm(0, 'first');
    for (const name of ['second', 'third']) story.alarm(0.5, name);
    await story.runTo(2);
    await open(story, 'ana sms');
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(
      expect.arrayContaining(['second', 'third']),
    );
    await expectToFit(page);
    const card = page.locator('article', { hasText: 'third' });
    await card.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    const statuses = story.lives().map(({ alert }) => [alert.detail.title, alert.status]);
    expect(Object.fromEntries(statuses)).toEqual({
      first: 'triggered',
      second: 'triggered',
      third: 'acknowledged',
    });
    await page.getByRole('button', { name: 'Acknowledge all' }).click();
    expect(story.lives().filter(({ alert }) => alert.status === 'acknowledged')).toHaveLength(2);
  });

  it('snoozes for 4 hours with a reason, and reloading the page snoozes no longer', async () => {
    const story = await scenario();
    story.alarm(0, 'orders-5xx');
    await story.runTo(3);
    await open(story, 'ana sms');
    await page.locator('summary', { hasText: 'Snooze' }).click();
    await page.getByLabel('Why, for the timeline').fill('deploy under way');
    await expectToFit(page);
    await page.getByRole('button', { name: '4 h', exact: true }).click();
    expect(await page.locator('.flash').textContent()).toContain('You snoozed this until 07:03Z');
    await expectToFit(page);
    await story.runTo(8);
    await page.reload();
    expect(story.life().alert.holds.snoozed).toMatchObject({
      reason: 'deploy under way',
      until: atMinute(243),
    });
    expect(story.pages(1)).toEqual([]);
  });

  it('shows a storm of 60: how many, the worst 50, and one button for all, which says how far it is', async () => {
    const story = await scenario();
    for (let n = 0; n < 60; n++) story.alarm(0, `alarm-${n}`);
    await story.runTo(2);
    await open(story, 'ana sms');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('59 alerts at once');
    expect(await page.locator('article').count()).toBe(50);
    await expectToFit(page);
    await page.getByRole('button', { name: 'Acknowledge all 59' }).click();
    expect(await page.locator('.head .state').textContent()).toContain('Being acknowledged: 0 so far');
    await story.runTo(3);
    await page.reload();
    // The alert that had a message of its own is not among them.
    expect(await page.locator('.head .state').textContent()).toContain('Acknowledged: 59');
    await expectToFit(page);
  });

  it('refuses a link that nobody was sent, in words', async () => {
    const story = await scenario();
    story.alarm(0, 'orders-5xx');
    await story.runTo(1);
    await open(story, 'ana sms');
    await page.goto(`${site.origin}/a/AAAAAAAAAAAAAAAAAAAAAA`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('This link is not known');
    await expectToFit(page);
    // Chromium writes a line of its own for the status.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('404')]);
  });
});

/** No part of the page is wider than the phone. */
async function expectToFit(page: Page): Promise<void> {
  const width = await page.locator('html').evaluate((html) => html.scrollWidth);
  expect(width).toBeLessThanOrEqual(PHONE.width);
}

type Site = { origin: string; close(): Promise<void> };

/** The world's HTTP API on a port of this machine. */
async function serve(story: Scenario): Promise<Site> {
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === '/favicon.ico') return response.writeHead(204).end();
    const answer = await story.world.request({
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: request.headers as Record<string, string>,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks).toString() } : {}),
    });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}
