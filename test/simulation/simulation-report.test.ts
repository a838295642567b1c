import { describe, expect, it } from 'vitest';
import { aRun, hitAt } from './invariants/build-run.ts';
import { addMet, metIn, neverMet, nothingMet } from './met.ts';
import type { Run } from './run.ts';
import { jsonOf, renderTotals, renderViolations, totalOf } from './simulation-report.ts';
import { CALL_FAULTS, CALL_SITES } from './stories/call-sites.ts';
import type { StoryTeller } from './story-teller.ts';
import { tellSeeds } from './tell-seeds.ts';
import type { Telling } from './tell-story.ts';

const AT = Date.UTC(2026, 2, 2, 3);

const telling = (seed: number, more: Partial<Telling> = {}): Telling => ({
  seed,
  days: 7,
  alarms: 20,
  pages: 60,
  faults: 9,
  calls: 4_000,
  violations: [],
  met: nothingMet(),
  digest: 'd',
  cpuMs: 2_000,
  ...more,
});

const late = { invariant: 'paged-in-time', at: AT, what: 'level 2 came never' };

describe('jsonOf', () => {
  it('is one line with the counts and the violations of a seed, and nothing else', () => {
    expect(JSON.parse(jsonOf(telling(4, { violations: [late] })))).toEqual({
      seed: 4,
      days: 7,
      alarms: 20,
      pages: 60,
      faults: 9,
      violations: [late],
    });
    expect(jsonOf(telling(4))).not.toContain('\n');
  });
});

describe('renderTotals', () => {
  it('adds up, and names each invariant that was violated with how often, and the seeds', () => {
    const totals = totalOf([
      telling(9, { violations: [late, late] }),
      telling(3, { violations: [late] }),
      telling(1),
    ]);
    expect(totals).toMatchObject({
      seeds: 3,
      days: 21,
      alarms: 60,
      pages: 180,
      faults: 27,
      failingSeeds: [3, 9],
    });
    const text = renderTotals(totals, 30_000).join('\n');
    expect(text).toMatch(/violations +3 in 2 seeds: 3, 9/);
    expect(text).toMatch(/paged-in-time +3/);
    expect(text).toMatch(/CPU time +6 s, 2\.0 s a seed/);
  });

  it('says how much of what can go wrong with a call has met one', () => {
    const met = nothingMet();
    for (const site of CALL_SITES) for (const fault of CALL_FAULTS) met.calls[`${site}: ${fault}`] = 1;
    const all = CALL_SITES.length * CALL_FAULTS.length;
    expect(renderTotals(totalOf([telling(0, { met })]), 0).join('\n')).toContain(`${all} of ${all}`);
    delete met.calls['page sns Publish: crash-after'];
    expect(renderTotals(totalOf([telling(0, { met })]), 0).join('\n')).toContain(`${all - 1} of ${all}`);
    expect(neverMet(met)).toEqual(['page sns Publish: crash-after']);
  });
});

describe('renderViolations', () => {
  it('shows five with their times, and says how many more there are', () => {
    const lines = renderViolations(Array.from({ length: 8 }, () => late));
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe('  2026-03-02T03:00:00.000Z  paged-in-time: level 2 came never');
    expect(lines.at(-1)).toBe('  and 3 more');
  });
});

describe('metIn', () => {
  it('counts what happened, what went wrong where, who answered how, and a call that the list has not', () => {
    const fault = { at: 0, kind: 'call', fault: 'throttle', skip: 0, count: 1, forMs: 1 } as const;
    const call = {
      n: 1,
      function: 'tocsin-escalation-audit',
      requestId: 'r',
      service: 'dynamodb',
      action: 'Query',
    };
    const run = {
      story: { events: [{ at: 0, kind: 'alarm', alarm: 'a', state: 'ALARM', suppressed: true }] },
      hits: [
        { at: AT, fault, call },
        {
          at: AT,
          fault: { at: 0, kind: 'schedule', schedule: 'tocsin-tick', laterMs: [], count: 1, forMs: 1 },
        },
      ],
      callCounts: { 'page sns Publish': 3, 'page s3 PutObject': 1 },
      requests: [{ at: AT, key: { endedFrom: AT }, status: 401 }],
      answers: [{ at: AT, by: 'ana', action: 'acknowledge', alerts: [], status: 303 }],
      writes: [],
      lives: [
        {
          alert: {},
          timeline: [
            { event: 'alert.held', reason: 'muted' },
            { event: 'alert.opened', reason: 'It broke' },
          ],
        },
      ],
      publishes: [{ alerts: [{}, {}], isStorm: false, channel: 'sms' }],
    } as unknown as Run;
    const met = metIn(run);
    addMet(met, metIn(run));
    expect(met).toEqual({
      events: { 'alarm ALARM, suppressed': 2 },
      faults: { 'call throttle': 2, 'tocsin-tick skipped': 2 },
      calls: { 'escalation-audit dynamodb Query: throttle': 2, 'page s3 PutObject (not in the list)': 2 },
      answers: { 'link acknowledge: 303': 2, 'sender with an ended key: 401': 2 },
      lives: { 'alert.held muted': 2, 'alert.opened': 2, 'message of several alerts': 2 },
      moments: {},
    });
  });

  it('counts what each level’s moment was held to, and which were answered before', () => {
    const run = aRun(
      (story) => {
        story.signal(0, 'alarm');
        story.answer(16, 'acknowledge', 'ben');
      },
      { endMinute: 60 },
    );
    expect(metIn(run).moments).toEqual({ 'within 5 s, no fault near': 2 });
    const hits = [hitAt(15, 'throttle')];
    expect(metIn({ ...run, hits }).moments).toEqual({
      'within 5 s, no fault near': 1,
      'within 3 min of the latest fault': 1,
    });
    const publishes = run.publishes.filter(({ responder }) => responder === 'ana');
    expect(metIn({ ...run, hits, publishes }).moments).toEqual({
      'within 5 s, no fault near': 1,
      'nothing: answered before': 1,
    });
  });
});

describe('tellSeeds', () => {
  it('passes on in the order of the seeds, whoever is ready first', async () => {
    const ended: number[] = [];
    const teller = (delayMs: number): StoryTeller => ({
      tell: async ({ seed, days }) => {
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        ended.push(seed);
        return telling(seed, { days });
      },
      end: () => undefined,
    });
    const passedOn: number[] = [];
    const told = await tellSeeds([0, 1, 2, 3], 0.5, [teller(40), teller(1)], ({ seed }) =>
      passedOn.push(seed),
    );
    expect(passedOn).toEqual([0, 1, 2, 3]);
    expect(told.map(({ seed, days }) => [seed, days])).toEqual([
      [0, 0.5],
      [1, 0.5],
      [2, 0.5],
      [3, 0.5],
    ]);
    expect([...ended].sort()).toEqual([0, 1, 2, 3]);
  });
});
