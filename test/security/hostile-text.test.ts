/** A sender's text, whatever it holds, is text: in a message, on a page, in a terminal, in JSON. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forTerminal, jsonForTerminal } from '../../cli/terminal-text.ts';
import { PAGERDUTY_ROUTE } from '../../functions/intake/contract.ts';
import { runTocsin, startAwsStub } from '../cli/run-tocsin.ts';
import { trigger } from '../intake/sample-webhooks.ts';
import { type Scenario, scenario } from '../support/scenario.ts';

const ESC = '\x1b';

/** Titles of windows, cursors, colours, lines turned around, headers, markup, formulas, formats. */
const HOSTILE = [
  'disk\r\nBcc: eve@evil.example\r\n\r\nforged',
  `${ESC}]0;owned\x07${ESC}[2J${ESC}[1A\x9b31m\x00\b\x7f`,
  '\u202egnp.exe\u2066\u200b\u2028next\u2029',
  `<script>alert(1)</script><img src=x onerror=alert(1)>"'><a href="javascript:x">`,
  '=HYPERLINK("http://evil.example") %s %n {{7*7}} `id`',
].join(' ');

/** What no terminal, mail client or log should get of it. */
const UNWANTED = /(?![\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('a hostile alarm', () => {
  let story: Scenario;
  const answers = new Map<string, unknown>();
  let alertId: string;
  beforeAll(async () => {
    story = await scenario({ team: 'explained' });
    const ask = async (minute: number, command: Record<string, unknown>) => {
      const answer = await story.operate(minute, { by: `cli:${HOSTILE}`.slice(0, 100), ...command });
      answers.set(String(command.command), answer);
      return answer;
    };
    const run = async (minute: number, command: Record<string, unknown>) => {
      const asked = ask(minute, command);
      await story.runTo(minute);
      return asked;
    };
    const made = await run(0.1, { command: 'keys-add', name: 'grafana' });
    const { secret } = made as unknown as { secret: string };
    story.alarm(1, HOSTILE.slice(0, 255), {
      reason: HOSTILE,
      description: HOSTILE,
      tags: { team: HOSTILE.slice(0, 200) },
    });
    const event = trigger(
      { routing_key: secret, dedup_key: HOSTILE.slice(0, 255), client: HOSTILE },
      { summary: HOSTILE, source: HOSTILE, component: HOSTILE, custom_details: { [HOSTILE]: HOSTILE } },
    );
    void story.at(3, () =>
      story.world.request({ method: 'POST', path: PAGERDUTY_ROUTE, body: JSON.stringify(event) }),
    );
    await story.runTo(5);
    alertId = story.lives()[0]!.alert.id;
    await run(5.1, { command: 'snooze', id: alertId, minutes: 5, reason: HOSTILE.slice(0, 250) });
    await run(5.2, { command: 'list' });
    await run(5.3, { command: 'show', id: alertId });
    await run(5.4, { command: 'keys-list' });
    const match = { labels: { team: HOSTILE.slice(0, 200) } };
    const window = { hold: 'maintenance', match, minutes: 5, reason: HOSTILE.slice(0, 250) };
    await run(5.5, { command: 'window-start', ...window });
    await run(5.6, { command: 'window-list' });
    await run(5.7, { command: 'contacts-list' });
    await run(5.8, { command: 'operations' });
    // Several at once, as a bundle.
    for (const name of ['a', 'b', 'c']) story.alarm(6, `${name} ${HOSTILE}`.slice(0, 255));
    await story.runTo(20);
  });

  test('is in messages of one line and a link, or of plain text; no header is forged', () => {
    const received = story.world.messages.filter(
      ({ body }) => body.includes('forged') || body.includes('alerts'),
    );
    const sms = received.filter(({ channel }) => channel === 'sms');
    const emails = received.filter(({ channel }) => channel === 'email');
    expect([sms.length, emails.length].every((count) => count > 1)).toBe(true);
    expect(story.world.messages.filter(({ delivered }) => !delivered)).toEqual([]);
    expect(sms.map(({ body }) => body.split('\n').length)).toEqual(sms.map(() => 2));
    expect(emails.filter(({ subject }) => !/^[\x20-\x7e]{1,99}$/.test(subject ?? ''))).toEqual([]);
    expect(received.filter(({ body }) => UNWANTED.test(body))).toEqual([]);
    expect(received.filter(({ body }) => /^(bcc|to|subject):/im.test(body))).toEqual([]);
  });

  test('is text on its page: no element, no address, no script comes of it', async () => {
    const links = [
      ...new Set(story.world.messages.flatMap(({ body }) => body.match(/\/a\/[\w-]{22}/) ?? [])),
    ];
    const pages = await Promise.all(links.map((link) => story.open(link)));
    const shown = pages.filter(({ body }) => body.includes('forged'));
    expect(shown.length).toBeGreaterThan(2);
    for (const { body } of shown) {
      expect(body).not.toMatch(/<(script|img|iframe|object|embed|base|link)\b/i);
      expect(body).not.toMatch(/<[^>]* on\w+=/i);
      expect(body).not.toMatch(/<[^>]*javascript:/i);
      expect(body).toContain('&#60;script&#62;');
    }
  });

  describe('in a terminal', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
    let stub: Awaited<ReturnType<typeof startAwsStub>>;
    beforeAll(async () => {
      stub = await startAwsStub(({ payload }) => {
        const command = String(payload?.command);
        const window = answers.get('window-start');
        if (command === 'find') return { answer: { kind: 'ok', ids: [alertId], isAll: true } };
        if (command === 'window-end') return { answer: window };
        if (command === 'acknowledge') return { answer: { kind: 'rejected', message: HOSTILE } };
        return { answer: answers.get(command) ?? { kind: 'rejected', message: `${command} ${HOSTILE}` } };
      });
      const world = { url: 'http://127.0.0.1:4600', endpoint: stub.url };
      writeFileSync(join(dataDir, 'world.json'), JSON.stringify(world));
    });
    afterAll(async () => {
      await stub.stop();
      rmSync(dataDir, { recursive: true });
    });

    const commands = [
      ['alerts'],
      ['show', 'ID'],
      ['ack', 'ID'],
      ['snooze', 'ID', '--for', '5m', '--reason', 'x'],
      ['resolve', 'ID'],
      ['keys', 'list'],
      ['maintenance', 'list'],
      ['maintenance', 'start', '--all', '--for', '5m', '--reason', 'x'],
      ['maintenance', 'end', 'WINDOW'],
      ['contacts', 'list'],
      ['alert', 'a title'],
      ['show', HOSTILE],
    ];

    test.each(
      commands.flatMap(
        (command) =>
          [
            [command.join(' ').slice(0, 40), command],
            [`${command.join(' ').slice(0, 40)} --json`, [...command, '--json']],
          ] as [string, string[]][],
      ),
    )('%j prints what no terminal acts on, and no line that looks like another', async (_, command) => {
      const { window } = answers.get('window-start') as { window: { id: string } };
      const args = command.map((arg) => (arg === 'ID' ? alertId : arg === 'WINDOW' ? window.id : arg));
      const { stdout, stderr } = await runTocsin([...args, '--data-dir', dataDir], { NO_COLOR: '1' });
      expect(stdout + stderr).not.toBe('');
      expect(UNWANTED.exec(stdout)).toBe(null);
      expect(UNWANTED.exec(stderr)).toBe(null);
      expect(stdout).not.toMatch(/^(bcc|forged)/im);
    });
  });
});

describe('forTerminal', () => {
  test('keeps the colours of our own, line breaks and other scripts', () => {
    const ours = `${ESC}[31mcritical${ESC}[39m\n\tÄrger in 東京 ${ESC}[2m03:00Z${ESC}[22m`;
    expect(forTerminal(ours)).toBe(ours);
  });

  test('keeps no other sequence', () => {
    expect(forTerminal(HOSTILE)).not.toMatch(UNWANTED);
    expect(forTerminal(`${ESC}[8mhidden${ESC}[0m ${ESC}]8;;http://evil.example\x07link`)).toBe(
      '[8mhidden[0m ]8;;http://evil.examplelink',
    );
  });
});

describe('jsonForTerminal', () => {
  test('says the same to a program, and nothing to a terminal', () => {
    const value = { [HOSTILE]: [HOSTILE, '\u{e0041}'] };
    expect(JSON.parse(jsonForTerminal(value))).toEqual(value);
    expect(jsonForTerminal(value)).not.toMatch(UNWANTED);
  });
});
