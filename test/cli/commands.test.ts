import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListedContact, ListedKey, ListedWindow } from '../../functions/console/commands.ts';
import type { Finding } from '../../functions/doctor/contract.ts';
import { acknowledged, minutesIn, sampleAlert, team } from '../support/sample-alert.ts';
import { type Call, runTocsin, type Scripted, startAwsStub } from './run-tocsin.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
const url = 'http://127.0.0.1:4600';
const heading = `local world at ${url}`;
const nowMs = minutesIn(5);

let script: (call: Call) => Scripted;
let stub: Awaited<ReturnType<typeof startAwsStub>>;
beforeAll(async () => {
  stub = await startAwsStub((call) => script(call));
  writeFileSync(join(dataDir, 'world.json'), JSON.stringify({ url, endpoint: stub.url }));
});
afterAll(async () => {
  await stub.stop();
  rmSync(dataDir, { recursive: true });
});

/** Runs one command on a world that answers it so. */
async function tocsin(args: readonly string[], answer: object = {}) {
  stub.calls.length = 0;
  let time = nowMs;
  script = ({ payload }) => {
    time += 1_000;
    return payload?.command === 'operations'
      ? { answer: { kind: 'ok', operations: team, nowMs: args[0] === 'doctor' ? time : nowMs } }
      : { answer: { kind: 'ok', ...answer } };
  };
  const ran = await runTocsin([...args, '--data-dir', dataDir]);
  const sent = stub.invocations().filter((payload) => payload?.command !== 'operations');
  return { ...ran, lines: ran.stdout.trimEnd().split('\n'), sent };
}

const by = expect.stringMatching(/^cli:./);

const window: ListedWindow = {
  id: 'a1b2c3',
  hold: 'maintenance',
  kind: 'once',
  match: { service: 'checkout', labels: { cluster: 'eu-1' } },
  reason: 'new database',
  by: 'cli:ana',
  from: nowMs,
  until: nowMs + 7_200_000,
  active: true,
};

describe('tocsin maintenance', () => {
  it('starts a window of 120 minutes on a service and a label, and says how to end it sooner', async () => {
    const args = [
      '--service',
      'checkout',
      '--label',
      'cluster=eu-1',
      '--for',
      '2h',
      '--reason',
      'new database',
    ];
    const { lines, sent, code } = await tocsin(['maintenance', 'start', ...args], { window });
    expect(sent).toEqual([
      {
        command: 'window-start',
        hold: 'maintenance',
        match: { service: 'checkout', labels: { cluster: 'eu-1' } },
        minutes: 120,
        reason: 'new database',
        by,
      },
    ]);
    expect(lines).toEqual([
      heading,
      'Maintenance a1b2c3 until 16:10Z holds service checkout, cluster=eu-1: new database',
      'End it sooner: tocsin maintenance end a1b2c3',
    ]);
    expect(code).toBe(0);
  });

  it.each([
    ['2026-11-24T22:00Z', Date.parse('2026-11-24T22:00:00Z')],
    ['2026-11-24T23:00:30+01:00', Date.parse('2026-11-24T22:00:30Z')],
    ['30m', nowMs + 1_800_000],
  ])('begins it at %s', async (from, atMs) => {
    const { sent } = await tocsin(
      ['maintenance', 'start', '--all', '--for', '1h', '--reason', 'move', '--from', from],
      { window },
    );
    expect(sent).toMatchObject([{ match: {}, minutes: 60, from: atMs }]);
  });

  it.each([
    ['no alerts named', ['--for', '1h', '--reason', 'x'], 'or --all for every alert'],
    ['--all beside a service', ['--all', '--service', 'x', '--for', '1h', '--reason', 'x'], 'which alerts?'],
    ['no end', ['--all', '--reason', 'x'], "required option '--for <duration>' not specified"],
    ['no reason', ['--all', '--for', '1h'], "required option '--reason <text>' not specified"],
    ['31 days', ['--all', '--for', '31d', '--reason', 'x'], '--for: "31d" is too long; write 1m to 30d'],
    ['no time', ['--all', '--for', '0', '--reason', 'x'], '--for: "0" is too short'],
    [
      'a moment without a zone',
      ['--all', '--for', '1h', '--reason', 'x', '--from', '2026-11-24T22:00'],
      'no moment',
    ],
    [
      'two values of one label',
      ['--label', 'team=shop', '--label', 'team=data', '--for', '1h', '--reason', 'x'],
      "'team' stands twice",
    ],
    ['a label without a value', ['--label', 'team', '--for', '1h', '--reason', 'x'], 'Write name=value.'],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr, sent } = await tocsin(['maintenance', 'start', ...args]);
    expect({ code, sent }).toEqual({ code: 2, sent: [] });
    expect(stderr).toContain(message);
  });

  it('lists what holds now before what is to come, and no silences', async () => {
    const weekly: ListedWindow = {
      id: 'weekly',
      hold: 'maintenance',
      kind: 'weekly',
      from: minutesIn(7_200),
      until: minutesIn(7_320),
      match: {},
      reason: 'weekly',
      active: false,
    };
    const silence: ListedWindow = { ...window, id: 'ffffff', hold: 'silenced' };
    const { lines } = await tocsin(['maintenance', 'list'], { windows: [weekly, silence, window] });
    expect(lines.slice(1)).toEqual([
      'id       state     from            until           which alerts                     reason     by',
      'a1b2c3   holds                     16:10Z          service checkout, cluster=eu-1   new dat…   cli:ana',
      'weekly   to come   29 Nov 14:05Z   29 Nov 16:05Z   every alert                      weekly     operations.ts',
    ]);
  });

  it('ends one', async () => {
    const { lines, sent } = await tocsin(['maintenance', 'end', 'a1b2c3'], { window });
    expect(sent).toEqual([{ command: 'window-end', id: 'a1b2c3', by }]);
    expect(lines[1]).toBe('Ended: a1b2c3, new database. What still fires goes on within a minute.');
  });

  it.each([
    ['a1b2', 'maintenance', 'a1b2c3'],
    ['weekly', 'maintenance', 'weekly'],
    ['a1b2d', 'silence', 'a1b2d4'],
  ])('ends %s, as the %s list has it: %s', async (id, command, whole) => {
    const windows = [window, { ...window, id: 'weekly' }, { ...window, id: 'a1b2d4', hold: 'silenced' }];
    const { sent } = await tocsin([command, 'end', id], { window, windows });
    expect(sent.at(-1)).toEqual({ command: 'window-end', id: whole, by });
  });

  it.each([
    ['a1b2', 'a1b2 is the beginning of a1b2c3, a1b2d4: give more of it'],
    ['a1b', 'a1b: give at least 4 characters, or list them with: tocsin maintenance list'],
    ['ffff', 'none begins with ffff; list them with: tocsin maintenance list'],
  ])('ends nothing for %s', async (id, message) => {
    const windows = [window, { ...window, id: 'a1b2d4' }, { ...window, id: 'ffffff', hold: 'silenced' }];
    const { code, stderr, sent } = await tocsin(['maintenance', 'end', id], { windows });
    expect(sent.filter((one) => one?.command === 'window-end')).toEqual([]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: `tocsin: ${message}\n` });
  });
});

describe('tocsin silence', () => {
  it('is never of everything', async () => {
    const all = await tocsin(['silence', 'add', '--all', '--for', '1h', '--reason', 'x']);
    expect(all).toMatchObject({
      code: 2,
      sent: [],
      stderr: expect.stringContaining("unknown option '--all'"),
    });
    const none = await tocsin(['silence', 'add', '--for', '1h', '--reason', 'x']);
    expect(none.stderr).toBe('tocsin: which alerts? Give --service, --severity or --label\n');
  });

  it('is begun with its matchers and its end', async () => {
    const silence = { ...window, hold: 'silenced' };
    const { lines, sent } = await tocsin(
      ['silence', 'add', '--severity', 'warning', '--for', '90s', '--reason', 'known'],
      { window: silence },
    );
    expect(sent).toMatchObject([{ hold: 'silenced', match: { severity: 'warning' }, minutes: 2 }]);
    expect(lines.at(-1)).toBe('End it sooner: tocsin silence end a1b2c3');
  });
});

describe('tocsin snooze', () => {
  it('asks for 240 minutes, with the reason', async () => {
    const alert = sampleAlert({
      holds: { snoozed: { since: nowMs, until: minutesIn(245), by: 'cli:ana', reason: 'vendor' } },
    });
    const answer = { outcome: 'snoozed', alert };
    const args = ['snooze', '0123456789abcdef', '--for', '4h', '--reason', 'vendor'];
    const { code, sent, lines } = await tocsin(args, answer);
    expect(sent).toEqual([{ command: 'snooze', id: '0123456789abcdef', by, minutes: 240, reason: 'vendor' }]);
    expect(code).toBe(0);
    expect(lines[1]).toBe('checkout: orders-5xx-rate');
    expect((await tocsin([...args, '--json'], answer)).stdout).toBe(
      `${JSON.stringify({ kind: 'ok', ...answer })}\n`,
    );
  });
});

describe('tocsin ack', () => {
  it('says what was done, and who is reminded when', async () => {
    const alert = sampleAlert(acknowledged('cli:ana', 5));
    const { lines } = await tocsin(['ack', '0123456789abcdef'], { outcome: 'acknowledged', alert });
    expect(lines.slice(0, 3)).toEqual([
      heading,
      'checkout: orders-5xx-rate',
      'You acknowledged this at 14:10Z.',
    ]);
    expect(lines[3]).toMatch(/reminded at 15:10Z/);
  });
});

describe('tocsin alerts', () => {
  it('lists those before the latest 200, and says how to go on, or that there are no more', async () => {
    const alerts = [sampleAlert({ id: '0123456789abcdef' }), sampleAlert({ id: 'fedcba9876543210' })];
    const { sent, lines } = await tocsin(['alerts', '--skip', '200'], { alerts, total: 9_812 });
    expect(sent).toEqual([{ command: 'list', ended: false, limit: 200, skip: 200 }]);
    expect(lines.slice(-2)).toEqual([
      'Showing 2 of 9,812, after the latest 200; of these: checkout 2',
      'Those before them: --skip 202',
    ]);
    const last = await tocsin(['alerts', '--skip', '200'], { alerts, total: 202 });
    expect(last.lines.at(-1)).toMatch(/^Showing 2 of 202, after the latest 200;/);
    const beyond = await tocsin(['alerts', '--skip', '300'], { alerts: [], total: 202 });
    expect(beyond.lines.at(-1)).toBe('No more than these 202.');
  });
});

describe('tocsin alert', () => {
  it('sends all that is known, and says how to say that it is over', async () => {
    const args = ['alert', "it's late", '--severity', 'warning', '--service', 'search', '--key', 'b 1'];
    const more = ['--label', 'team=shop', '--label', 'q=a=b', '--description', 'since noon'];
    const { sent, lines } = await tocsin([...args, ...more], { key: 'b 1', alert: '3b2c9a0000000000' });
    expect(sent).toEqual([
      {
        command: 'alert',
        by,
        title: "it's late",
        key: 'b 1',
        severity: 'warning',
        service: 'search',
        description: 'since noon',
        labels: { team: 'shop', q: 'a=b' },
      },
    ]);
    expect(lines.slice(1)).toEqual([
      'Alert 3b2c9a0000000000 is on its way.',
      '  to look at it   tocsin show 3b2c9a0000000000',
      `  when it's over  tocsin alert 'it'\\''s late' --key 'b 1' --resolve`,
    ]);
  });

  it('resolves by its key only', async () => {
    const without = await tocsin(['alert', 'late', '--resolve']);
    expect(without).toMatchObject({ code: 2, sent: [] });
    expect(without.stderr).toContain('Give the --key');
    const { sent, lines } = await tocsin(['alert', 'late', '--key', 'k', '--resolve'], {
      key: 'k',
      alert: 'a1',
    });
    expect(sent).toMatchObject([{ key: 'k', resolved: true }]);
    expect(lines[1]).toBe('Told: alert a1 is over. It resolves in 5 min unless it comes back.');
  });
});

describe('tocsin keys', () => {
  const key: ListedKey = {
    id: '4f0c1a2b3c4d',
    name: 'grafana',
    createdAt: minutesIn(-60),
    createdBy: 'cli:ana',
  };

  it('shows a new key once, with what to paste into a PagerDuty tool and into Alertmanager', async () => {
    const secret = 'A'.repeat(32);
    const { lines, sent } = await tocsin(['keys', 'add', 'grafana'], {
      added: key,
      secret,
      url: 'https://x.example.com',
    });
    expect(sent).toEqual([{ command: 'keys-add', name: 'grafana', by }]);
    expect(lines).toContain('  address       https://x.example.com/v2/enqueue');
    expect(lines).toContain(`  routing key   ${secret}`);
    expect(lines).toContain('      - url: https://x.example.com/v1/alertmanager');
    expect(lines).toContain(`            credentials: ${secret}`);
  });

  it('exchanges a key, with 24 hours for it unless told otherwise, and says until when the old one is good', async () => {
    const old = { ...key, id: '000000000000', endsAt: minutesIn(5 + 24 * 60) };
    const added = { ...key, createdAt: minutesIn(5) };
    const answer = { added, secret: 'A'.repeat(32), url: 'https://x.example.com', ending: [old] };
    const { lines, sent } = await tocsin(['keys', 'rotate', 'grafana'], answer);
    expect(sent).toEqual([{ command: 'keys-rotate', name: 'grafana', overlapMinutes: 1_440, by }]);
    expect(lines).toContain(`  routing key   ${'A'.repeat(32)}`);
    expect(lines.at(-1)).toMatch(
      /^Key 000000000000 is good until .*Z: give the sender the new one by then\.$/,
    );
    const { sent: longer } = await tocsin(['keys', 'rotate', 'grafana', '--overlap', '7d'], answer);
    expect(longer).toMatchObject([{ overlapMinutes: 10_080 }]);
    const { lines: kept } = await tocsin(['keys', 'rotate', 'grafana', '--overlap', '1h'], answer);
    expect(kept.at(-1)).toMatch(/^Key 000000000000 is good until .*Z, as an earlier exchange said: give the/);
    const { lines: listed } = await tocsin(['keys', 'list'], { keys: [old, { ...old, endsAt: nowMs }] });
    expect(listed.slice(2).map((line) => line.split(/ {3,}/).at(-1))).toEqual([
      expect.stringMatching(/^until /),
      'ended',
    ]);
  });

  it('lists keys with their last use, and says how to make the first', async () => {
    const revoked = { ...key, id: '000000000000', revokedAt: nowMs, lastUsedAt: minutesIn(3) };
    const { lines } = await tocsin(['keys', 'list'], { keys: [key, revoked] });
    expect(lines.slice(2)).toEqual([
      '4f0c1a2b3c4d   grafana   1 h 5 min ago   cli:ana   never       live',
      '000000000000   grafana   1 h 5 min ago   cli:ana   2 min ago   revoked',
    ]);
    expect((await tocsin(['keys', 'list'], { keys: [] })).lines[1]).toContain('tocsin keys add NAME');
  });

  it('revokes one', async () => {
    const { lines, sent } = await tocsin(['keys', 'revoke', key.id], {
      keys: [{ ...key, revokedAt: nowMs }],
    });
    expect(sent).toEqual([{ command: 'keys-revoke', id: key.id, by }]);
    expect(lines[1]).toBe('Key 4f0c1a2b3c4d of grafana is revoked: what it sends is refused.');
  });

  it('revokes the one that begins with 4 characters', async () => {
    const other = { ...key, id: '000000000000' };
    const { sent } = await tocsin(['keys', 'revoke', '4f0c'], { keys: [other, key] });
    expect(sent.at(-1)).toEqual({ command: 'keys-revoke', id: key.id, by });
  });
});

describe('tocsin contacts', () => {
  it('lists each channel, and below what is wrong with what to do', async () => {
    const contacts: ListedContact[] = [
      {
        responder: 'ana',
        channel: 'sms',
        state: 'reachable',
        checkedAt: minutesIn(3),
        verifiedAt: minutesIn(-60),
      },
      {
        responder: 'ben',
        channel: 'email',
        state: 'unreachable',
        reason: 'not confirmed',
        since: minutesIn(-10),
        checkedAt: minutesIn(3),
        advice: 'Ask Ben for the link.',
      },
      { responder: 'cleo', channel: 'email', state: 'unknown' },
    ];
    const { lines } = await tocsin(['contacts', 'list'], { contacts });
    expect(lines.slice(1)).toEqual([
      'responder   name   channel   state               checked     verified',
      'ana         Ana    sms       can be reached      2 min ago   1 h 5 min ago',
      'ben         Ben    email     cannot be reached   2 min ago   never',
      'cleo        Cleo   email     not checked yet     not yet     never',
      '',
      'ben, email: not confirmed, since 13:55Z',
      '  Ask Ben for the link.',
      'Not checked yet: an audit looks every five minutes. `tocsin doctor` looks now, and says more.',
    ]);
  });

  it('says what was sent, and fails with what was not', async () => {
    const { lines, code, stderr } = await tocsin(['contacts', 'verify', 'ana'], {
      sent: [{ responder: 'ana', channel: 'sms' }],
      failed: [{ responder: 'ana', channel: 'email', reason: 'a message went out less than a minute ago' }],
    });
    expect(lines[1]).toBe('Sent to ana by SMS: open its link to say that it arrived.');
    expect(stderr).toBe('tocsin: not sent to ana: email: a message went out less than a minute ago\n');
    expect(code).toBe(1);
  });

  it('confirms a link', async () => {
    const link = 'https://sns.eu-west-1.amazonaws.com/confirmation.html?TopicArn=a&Token=b&Endpoint=c';
    const { lines, sent } = await tocsin(['contacts', 'confirm', link], { confirmed: 'ana, email' });
    expect(sent).toEqual([{ command: 'contacts-confirm', link, by }]);
    expect(lines[1]).toBe('Confirmed: ana, email. Whoever unsubscribes it now needs AWS credentials.');
  });
});

describe('tocsin doctor', () => {
  const ok: Finding = { id: 'tick', state: 'ok', title: 'Tick', found: 'ran 20 s ago' };
  const warning: Finding = {
    id: 'contact:ana:email',
    state: 'warning',
    title: 'Ana, email',
    found: 'can be unsubscribed by anybody',
    advice: 'Confirm it anew.',
  };
  const failure: Finding = { ...warning, id: 'level:1', state: 'failure', title: 'Level 1', found: 'nobody' };

  it.each([
    [0, [ok]],
    [1, [ok, warning]],
    [2, [failure, warning]],
    [2, [{ ...warning, unanswered: true }]],
  ])('exits %i for %j', async (exitCode, findings) => {
    const { code, sent } = await tocsin(['doctor'], { findings, checkedAt: nowMs });
    expect(code).toBe(exitCode);
    expect(sent).toEqual([{ audit: 'doctor', fix: false }]);
  });

  it('tells the worst last, with what to do and what was asked for anew, and counts', async () => {
    const findings = [failure, { ...warning, fixed: 'subscribed anew' }, ok];
    const { lines, sent } = await tocsin(['doctor', '--fix'], { findings, checkedAt: nowMs });
    expect(sent).toEqual([{ audit: 'doctor', fix: true }]);
    expect(lines[0]).toBe(heading);
    expect(lines.slice(3)).toEqual([
      'ok       Tick: ran 20 s ago',
      'warning  Ana, email: can be unsubscribed by anybody',
      '         asked for anew: subscribed anew',
      '         Confirm it anew.',
      'FAILURE  Level 1: nobody',
      '         Confirm it anew.',
      '',
      '5 checks: 1 failure, 1 warning.',
    ]);
  });

  it('prints one finding per line with --json', async () => {
    const { lines, stderr } = await tocsin(['doctor', '--json'], { findings: [ok], checkedAt: nowMs });
    expect(stderr).toBe(`${heading}\n`);
    expect(lines.map((line) => (JSON.parse(line) as Finding).id)).toEqual(['world', 'clock', 'tick']);
  });

  it('exits 2 when the world is not running, and says how to start it', async () => {
    const { code, stdout } = await runTocsin(['doctor', '--data-dir', join(dataDir, 'none')]);
    expect(code).toBe(2);
    expect(stdout).toContain(
      `FAILURE  Connection: the local world of ${join(dataDir, 'none')} is not running; start it with: npm start -- --data-dir ${join(dataDir, 'none')}`,
    );
  });

  it('exits 2 when the function audit fails, and still tells the rest', async () => {
    script = ({ function: name }) =>
      name === 'tocsin-audit'
        ? { functionError: 'no table' }
        : { answer: { kind: 'ok', operations: team, nowMs: Date.now() } };
    const { code, stdout } = await runTocsin(['doctor', '--data-dir', dataDir]);
    expect(code).toBe(2);
    expect(stdout).toContain(`ok       Local world: runs at ${url}`);
    expect(stdout).toContain(
      'FAILURE  Function tocsin-audit: the local world: tocsin-audit failed: no table',
    );
  });
});

describe('a mistyped command', () => {
  it.each([
    [['alrets'], 'Did you mean alerts?'],
    [['alerts', '--jsn'], 'Did you mean --json?'],
    [['maintenance', 'strat'], 'Did you mean start?'],
    [['alerts', '--target', 'azure'], 'Allowed choices are local, aws.'],
    [['alerts', '--limit', '201'], 'Give a whole number from 1 to 200.'],
  ])('%j is answered with the nearest there is, and exit code 2', async (args, message) => {
    const { code, stderr } = await runTocsin(args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
