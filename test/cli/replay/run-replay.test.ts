/**
 * A replay of 36 rows through the real bundles, against an expectation that was worked out by hand.
 *
 * The trace: 5 minutes per row, the alarm is `Errors > 10 for 2 of 3`.
 *   10:05 and 10:10 breach                       → 2 of 3 at 10:15: ALARM
 *   all breach until 11:50; 11:55 does not, 12:00 does, 12:05 does not
 *                                                → 1 of 3 at 12:10: OK; quiet time until 12:15
 *   12:10 breaches                               → 2 of 3 at 12:15: ALARM, the last instant of the quiet time
 *   12:15 breaches, 12:20 and 12:25 do not       → 1 of 3 at 12:30: OK; quiet until 12:35, then resolved
 *   12:35 and 12:40 breach                       → 2 of 3 at 12:45: ALARM, 10 minutes later: a new alert
 *   12:45 and 12:50 do not                       → 1 of 3 at 12:55: OK; quiet until 13:00
 *   the last row is 12:55, so the replay ends at 13:00, and that instant still counts
 *
 * Unanswered: level 1 at 10:15, 2 at +15, 3 at +30, 4 at +60, again at +90 (11:45). The clock stands still from
 * 12:10 to 12:15 at its 115th minute, so +120 falls on 12:20.
 */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAlarmRule } from '../../../cli/replay/alarm-rule.ts';
import { arrangeEvents, toJsonLine } from '../../../cli/replay/replay-event.ts';
import { type ReplaySettings, runReplay, withSeverity } from '../../../cli/replay/run-replay.ts';
import { loadTrace } from '../../../cli/replay/trace.ts';
import { defineOperations } from '../../../functions/operations/define-operations.ts';
import { synthesize } from '../../../lib/synth-app.ts';
import { assemblyOf } from '../../../local/assembly-cache.ts';

const TRACE = 'test/fixtures/replay/errors.csv';

const operations = defineOperations({
  responders: {
    ana: { name: 'Ana', email: 'ana@example.com', phone: '+12025550101' },
    ben: { name: 'Ben', email: 'ben@example.com', phone: '+12025550102' },
    cleo: { name: 'Cleo', email: 'cleo@example.com' },
    dev: { name: 'Dev', phone: '+12025550104' },
  },
  levels: [['ana'], ['ben', 'cleo'], ['dev'], ['ben']],
});

type Line = {
  at: string;
  event: string;
  level?: number;
  responder?: string;
  channel?: string;
  by?: string;
  reason?: string;
};

/** `10:15 page 1 ana sms` */
function inShort({ at, event, level, responder, channel, by, reason }: Line): string {
  const facts = {
    page: [level, responder, channel],
    notice: [responder, channel],
    reminder: [responder, channel],
    escalated: [level, by],
    acknowledged: [by],
    hold: [reason],
  }[event];
  return [at.slice(11, 16), event, ...(facts ?? [])].join(' ');
}

const root = mkdtempSync(join(tmpdir(), 'replay-test-'));
const assembly = join(root, 'team');
beforeAll(async () => {
  await synthesize({ operations, outdir: assembly, nag: false });
});
afterAll(() => rmSync(root, { recursive: true }));

async function replay(settings: Partial<ReplaySettings> = {}, directory = assembly) {
  const rows = await loadTrace(TRACE);
  const rule = parseAlarmRule('Errors > 10 for 2 of 3');
  const outcome = await runReplay(directory, { rows, rule, periodMs: 300_000, ...settings });
  const lines = arrangeEvents(outcome.transitions, outcome.lives).map(toJsonLine);
  return {
    ...outcome,
    short: lines.filter((line) => line !== undefined).map((line) => inShort(JSON.parse(line) as Line)),
  };
}

describe('runReplay', () => {
  it('pages level by level, holds while it recovers, goes on after a flap, and opens a second alert', async () => {
    const { short, failures, endMs } = await replay();
    expect(short).toEqual([
      '10:15 alarm',
      '10:15 opened',
      '10:15 page 1 ana sms',
      '10:15 page 1 ana email',
      '10:30 escalated 2 clock',
      '10:30 page 2 ben sms',
      '10:30 page 2 ben email',
      '10:30 page 2 cleo email',
      '10:45 escalated 3 clock',
      '10:45 page 3 dev sms',
      '11:15 escalated 4 clock',
      '11:15 page 4 ben sms',
      '11:15 page 4 ben email',
      '11:45 page 4 ben sms',
      '11:45 page 4 ben email',
      '12:10 ok',
      '12:10 hold recovering',
      '12:15 alarm',
      '12:20 page 4 ben sms',
      '12:20 page 4 ben email',
      '12:30 ok',
      '12:30 hold recovering',
      '12:35 resolved',
      '12:35 notice ana email',
      '12:35 notice ben email',
      '12:35 notice cleo email',
      '12:45 alarm',
      '12:45 opened',
      '12:45 page 1 ana sms',
      '12:45 page 1 ana email',
      '12:55 ok',
      '12:55 hold recovering',
      '13:00 resolved',
      '13:00 notice ana email',
    ]);
    expect(new Date(endMs).toISOString()).toBe('2026-01-05T13:00:00.000Z');
    expect(failures).toEqual([]);
  });

  it('stops after level 2 when Ana acknowledges 20 minutes in, reminds her after 60 more, and she answers at once', async () => {
    const { short } = await replay({ ackAfterMs: 20 * 60_000 });
    expect(short).toEqual([
      '10:15 alarm',
      '10:15 opened',
      '10:15 page 1 ana sms',
      '10:15 page 1 ana email',
      '10:30 escalated 2 clock',
      '10:30 page 2 ben sms',
      '10:30 page 2 ben email',
      '10:30 page 2 cleo email',
      '10:35 acknowledged ana',
      '11:35 reminder ana sms',
      '11:35 reminder ana email',
      '11:35 acknowledged ana',
      '12:10 ok',
      '12:10 hold recovering',
      '12:15 alarm',
      '12:30 ok',
      '12:30 hold recovering',
      // The next reminder falls due at 12:35 as well: what is resolved needs none.
      '12:35 resolved',
      '12:35 notice ana email',
      '12:35 notice ben email',
      '12:35 notice cleo email',
      '12:45 alarm',
      '12:45 opened',
      '12:45 page 1 ana sms',
      '12:45 page 1 ana email',
      '12:55 ok',
      '12:55 hold recovering',
      // Her answer would come at 13:05.
      '13:00 resolved',
      '13:00 notice ana email',
    ]);
  });

  it('lets an acknowledgement at minute 15 stop level 2', async () => {
    const { short } = await replay({ ackAfterMs: 15 * 60_000 });
    expect(short.filter((line) => line < '11')).toEqual([
      '10:15 alarm',
      '10:15 opened',
      '10:15 page 1 ana sms',
      '10:15 page 1 ana email',
      '10:30 acknowledged ana',
    ]);
  });

  it('lets an acknowledgement at once follow the page that it answers', async () => {
    const { short } = await replay({ ackAfterMs: 0 });
    const morning = short.filter((line) => line < '11');
    expect(morning.slice(0, 3)).toEqual(['10:15 alarm', '10:15 opened', '10:15 page 1 ana sms']);
    expect(morning.at(-1)).toBe('10:15 acknowledged ana');
  });

  it('pages a warning by email at 0, by SMS at 30, level 2 at 45 and hourly; of a route only the severity is replaced', async () => {
    const routes = [{ match: { alarmName: 'Err*' }, service: 'checkout', severity: 'info' as const }];
    const { short, lives } = await replay(
      {},
      await assemblyOf(withSeverity({ ...operations, routes }, 'warning')),
    );
    expect(short.filter((line) => line.includes(' page ') && line < '12:3')).toEqual([
      '10:15 page 1 ana email',
      '10:45 page 1 ana sms',
      '11:00 page 2 ben sms',
      '11:00 page 2 ben email',
      '11:00 page 2 cleo email',
      '12:00 page 2 ben sms',
      '12:00 page 2 ben email',
      '12:00 page 2 cleo email',
    ]);
    expect(lives.map(({ alert }) => [alert.severity, alert.service])).toEqual([
      ['warning', 'checkout'],
      ['warning', 'checkout'],
    ]);
  });

  it('is silent about a trace that never breaches', async () => {
    const { short, lives } = await replay({ rule: parseAlarmRule('Errors > 100') });
    expect({ short, lives }).toEqual({ short: [], lives: [] });
  });

  it('has no rules of its own: with a broken intake no alert opens', async () => {
    const { short, failures } = await replay({}, breakFunction('tocsin-intake'));
    expect(short.map((line) => line.slice(6))).toEqual(['alarm', 'ok', 'alarm', 'ok', 'alarm', 'ok']);
    expect(failures[0]?.line).toContain('broken by the test');
  });

  it('has no rules of its own: with a broken pager nothing follows level 1 but the audit’s warning, until the alarm speaks again', async () => {
    const { short, failures } = await replay({}, breakFunction('tocsin-page'));
    expect(short.filter((line) => line.includes(' page ') && line < '12:15')).toEqual([
      '10:15 page 1 ana sms',
      '10:15 page 1 ana email',
      // The escalation audit has found that an alert does not go on, and says so as an alert of its own.
      '10:35 page 1 ana email',
    ]);
    expect(failures[0]?.function).toBe('tocsin-page');
  });

  it('has no rules of its own: with a broken answer page nobody can acknowledge', async () => {
    const broken = replay({ ackAfterMs: 0 }, breakFunction('tocsin-answer'));
    await expect(broken).rejects.toThrow('the answer page failed with status 500');
  });
});

type Template = {
  Resources: Record<string, { Properties: { FunctionName?: string; Code?: { S3Key: string } } }>;
};

/** A copy of the assembly in which one function throws. */
function breakFunction(name: string): string {
  const copy = mkdtempSync(join(root, 'broken-'));
  cpSync(assembly, copy, { recursive: true });
  const template = JSON.parse(readFileSync(join(copy, 'TocsinOperations.template.json'), 'utf8')) as Template;
  const found = Object.values(template.Resources).find(({ Properties }) => Properties?.FunctionName === name);
  const asset = `asset.${found!.Properties.Code!.S3Key.replace('.zip', '')}`;
  writeFileSync(
    join(copy, asset, 'index.mjs'),
    'export const handler = async () => { throw new Error("broken by the test"); };',
  );
  return copy;
}
