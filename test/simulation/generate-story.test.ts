import { describe, expect, it } from 'vitest';
import { generateStory, QUIET_END_MS } from './generate-story.ts';
import { CALL_FAULTS, CALL_SITES } from './stories/call-sites.ts';
import { CHARACTERS } from './stories/characters.ts';
import type { Story } from './story.ts';
import { TEAMS } from './teams.ts';

const DAY_MS = 24 * 3_600_000;
const DAYS = 7;
const stories = Array.from({ length: 200 }, (_, seed) => generateStory(seed, DAYS));

/** @returns how many of the 200 stories have it */
const having = (has: (story: Story) => boolean) => stories.filter(has).length;
const events = (has: (event: Story['events'][number]) => boolean) =>
  having((story) => story.events.some(has));
const faults = (has: (fault: Story['faults'][number]) => boolean) =>
  having((story) => story.faults.some(has));
const reactions = ({ reactions: all }: Story) => Object.values(all).flat();

describe('generateStory', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(generateStory(7, DAYS)).toEqual(generateStory(7, DAYS));
    expect(generateStory(7, DAYS)).not.toEqual(generateStory(7 + Object.keys(CHARACTERS).length, DAYS));
    expect(generateStory(2 ** 31 - 1, DAYS).events.length).toBeGreaterThan(0);
  });

  it('has nothing new and no fault in the quiet end, in each of 200 seeds', () => {
    const quietFromMs = DAYS * DAY_MS - QUIET_END_MS;
    for (const { seed, events, faults } of stories) {
      const latest = Math.max(...events.map((event) => event.at + ('forMs' in event ? event.forMs : 0)));
      const lastFault = Math.max(...faults.map(({ at, forMs }) => at + forMs));
      expect({ seed, isQuiet: latest <= quietFromMs && lastFault <= quietFromMs }).toEqual({
        seed,
        isQuiet: true,
      });
    }
  });

  it('is in order, in whole milliseconds, from a whole minute on', () => {
    for (const { startMs, events, faults } of stories) {
      expect(startMs % 60_000).toBe(0);
      for (const moments of [events.map(({ at }) => at), faults.map(({ at }) => at)]) {
        expect(moments.every((at) => Number.isInteger(at) && at >= 0)).toBe(true);
        expect(moments).toEqual([...moments].sort((a, b) => a - b));
      }
    }
  });

  it('fits into two days, or into a few hours', () => {
    for (const days of [2, 0.25]) {
      for (let seed = 0; seed < 50; seed++) {
        const { events, faults } = generateStory(seed, days);
        const most = days * DAY_MS - Math.min(QUIET_END_MS, (days * DAY_MS) / 2);
        expect([...events, ...faults].every(({ at }) => at >= 0 && at < most)).toBe(true);
      }
    }
  });

  it('names only teams that there are, and people who are in one of them', () => {
    for (const story of stories) {
      const teams = [story.team, ...story.events.flatMap((one) => (one.kind === 'deploy' ? [one.team] : []))];
      const known = teams.flatMap((team) => Object.keys(TEAMS[team as keyof typeof TEAMS].responders));
      const named = story.events.flatMap((one) => ('responder' in one ? [one.responder] : []));
      expect(known).toEqual(expect.arrayContaining([...named, ...Object.keys(story.reactions)]));
    }
  });
});

describe('200 stories', () => {
  it('have every team, and every deploy in the middle of something', () => {
    expect(new Set(stories.map(({ team }) => team))).toEqual(new Set(Object.keys(TEAMS)));
    const deployed = stories.flatMap(({ events }) =>
      events.flatMap((one) => (one.kind === 'deploy' ? [one.team] : [])),
    );
    expect(new Set(deployed)).toEqual(new Set(Object.keys(TEAMS)));
  });

  it('have storms, bad bodies, deleted and muted alarms, senders, operators, and ways that do not reach people', () => {
    const counts = {
      storms: having(
        ({ events }) => events.filter((one) => /node-|shard-/.test(JSON.stringify(one))).length >= 120,
      ),
      ...Object.fromEntries(
        (['malformed', 'alarm-deleted', 'lost', 'opted-out', 'unsubscribed', 'deploy'] as const).map(
          (kind) => [kind, events((event) => event.kind === kind)],
        ),
      ),
      muted: events((event) => event.kind === 'alarm' && event.suppressed === true),
      noData: events((event) => event.kind === 'alarm' && event.state === 'INSUFFICIENT_DATA'),
      senderAcknowledges: events((event) => event.kind === 'event' && event.action === 'acknowledge'),
      ...Object.fromEntries(
        ['window-start', 'snooze', 'acknowledge', 'escalate', 'resolve', 'alert'].map((command) => [
          command,
          events((event) => event.kind === 'command' && event.command.command === command),
        ]),
      ),
    };
    expect(Object.entries(counts).filter(([, stories]) => stories < 5)).toEqual([]);
  });

  it('have people who answer at once, late, twice, by two channels at one instant, or never', () => {
    const counts = {
      atOnce: having((story) => reactions(story).some((one) => one && one.afterMs < 2_000)),
      late: having((story) => reactions(story).some((one) => one && one.afterMs >= 3_600_000)),
      twice: having((story) => reactions(story).some((one) => one?.againAfterMs !== undefined)),
      together: having((story) =>
        reactions(story).some((one, n, all) => one && all[n + 1]?.afterMs === one.afterMs),
      ),
      never: having((story) => reactions(story).some((one) => one === null)),
    };
    expect(Object.entries(counts).filter(([, stories]) => stories < 50)).toEqual([]);
  });

  it('change the clocks of Berlin or New York in at least 20 of them', () => {
    const offsetOf = (zone: string, atMs: number) =>
      new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
        .format(atMs)
        .replace(/.*GMT/, '');
    const changes = (zone: string) =>
      having(({ startMs, days }) => offsetOf(zone, startMs) !== offsetOf(zone, startMs + days * DAY_MS));
    expect(changes('Europe/Berlin')).toBeGreaterThan(20);
    expect(changes('America/New_York')).toBeGreaterThan(20);
  });

  it('aim at every call of a function to AWS with everything that can go wrong with it', () => {
    const aimed = new Set(
      stories.flatMap((story) =>
        story.faults.flatMap((one) =>
          one.kind === 'call' && one.action
            ? [`${one.function} ${one.service} ${one.action}: ${one.fault}`]
            : [],
        ),
      ),
    );
    const wanted = CALL_SITES.flatMap((site) => CALL_FAULTS.map((fault) => `${site}: ${fault}`));
    expect(wanted.filter((one) => !aimed.has(one))).toEqual([]);
  });

  it('have messages that repeat or come late, runs that are skipped, doubled or late, old indexes, and losses of SNS', () => {
    const shape = (laterMs: readonly number[]) =>
      ['skipped', 'late', 'repeated'][Math.min(2, laterMs.length)]!;
    const counts = {
      ...Object.fromEntries(
        ['intake', 'due'].flatMap((queue) =>
          ['late', 'repeated'].map((what) => [
            `${queue} ${what}`,
            faults((one) => one.kind === 'message' && one.queue === queue && shape(one.laterMs) === what),
          ]),
        ),
      ),
      ...Object.fromEntries(
        ['tocsin-tick', 'second-tick', 'escalation-audit', 'audit-contacts', 'audit-all'].flatMap(
          (schedule) =>
            ['skipped', 'late', 'repeated'].map((what) => [
              `${schedule} ${what}`,
              faults(
                (one) => one.kind === 'schedule' && one.schedule === schedule && shape(one.laterMs) === what,
              ),
            ]),
        ),
      ),
      stale: faults(({ kind }) => kind === 'stale-index'),
      lose: faults(({ kind }) => kind === 'lose'),
    };
    expect(Object.entries(counts).filter(([, stories]) => stories < 5)).toEqual([]);
  });

  it('leave some alarms firing to the end', () => {
    const unfinished = ({ events }: Story) => {
      const states = new Map(
        events.flatMap((one) => (one.kind === 'alarm' ? [[one.alarm, one.state] as const] : [])),
      );
      return [...states.values()].includes('ALARM');
    };
    expect(having(unfinished)).toBeGreaterThan(20);
  });
});
