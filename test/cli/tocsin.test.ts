import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const COMMAND = resolve('cli/tocsin.mjs');
const TRACE = resolve('test/fixtures/replay/errors.csv');
const OPERATIONS = resolve('operations.ts');

const directory = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
const temporary = join(directory, 'tmp');
mkdirSync(temporary);
afterAll(() => rmSync(directory, { recursive: true }));

type Outcome = { code: number; stdout: string; stderr: string };

/** Runs the command in an empty directory, with temporary files in one of its own. */
function tocsin(...args: string[]): Promise<Outcome> {
  return new Promise((done) => {
    const options = { cwd: directory, env: { ...process.env, TMPDIR: temporary } };
    execFile(process.execPath, [COMMAND, ...args], options, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

function fileOf(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const COMMANDS = [
  ...['alerts', 'show', 'ack', 'resolve', 'escalate', 'snooze', 'alert', 'maintenance', 'silence'],
  ...['keys', 'contacts', 'doctor', 'replay'],
];

const ROW = '2014-02-14 14:27:00,1';

describe('tocsin', () => {
  it('lists its commands on --help', async () => {
    const { code, stdout } = await tocsin('--help');
    expect(code).toBe(0);
    for (const name of COMMANDS) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    }
  });

  it('takes an operations file from a folder that knows nothing of modules, and tells its mistakes', async () => {
    const good = fileOf('plain.ts', "export default { responders: { zoe: { email: 'zoe@example.com' } } };");
    const replay = ['replay', TRACE, '--alarm', 'Errors > 5', '--json', '--operations'];
    const { code, stdout } = await tocsin(...replay, good);
    expect(code).toBe(0);
    expect(stdout).toContain('"responder":"zoe"');
    const bad = fileOf('bad.ts', "export default { responders: { zoe: { emial: 'zoe@example.com' } } };");
    const refused = await tocsin(...replay, bad);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain("responders.zoe.emial: found an unknown key; write 'email'");
  });

  it.each([
    ['no rule', [TRACE], "required option '--alarm <rule>' not specified"],
    ['a bad rule', [TRACE, '--alarm', 'x > y'], 'write METRIC > NUMBER for M of N'],
    ['a bad severity', [TRACE, '--alarm', 'x > 1', '--severity', 'high'], 'critical, warning, info'],
    ['a missing trace', ['none.csv', '--alarm', 'x > 1', '--operations', OPERATIONS], 'no such file'],
    [
      'a bad row',
      [fileOf('bad.csv', `timestamp,value\n${ROW}\nx,2\n`), '--alarm', 'x > 1', '--operations', OPERATIONS],
      'line 3: "x,2"',
    ],
  ])('exits 2 for %s, with the mistake on stderr and no stack', async (_, args, message) => {
    const { code, stdout, stderr } = await tocsin('replay', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it('prints nothing but JSON lines with --json, and leaves no file anywhere', async () => {
    const before = readdirSync(directory).sort();
    const args = [TRACE, '--alarm', 'Errors > 10 for 2 of 3', '--operations', OPERATIONS, '--json'];
    const { code, stdout, stderr } = await tocsin('replay', ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(events.filter(({ event }) => event === 'opened')).toHaveLength(2);
    // tsx keeps its own cache there.
    expect(readdirSync(temporary).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
    expect(readdirSync(directory).sort()).toEqual(before);
  });

  it.each([['alerts'], ['ack', 'abc']])(
    'says how to start the local world when `%s` finds none',
    async (...args) => {
      expect(await tocsin(...args)).toEqual({
        code: 1,
        stdout: '',
        stderr: 'tocsin: the local world is not running; start it with: npm start\n',
      });
    },
  );
});
