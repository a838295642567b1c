import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideContacts } from '../../functions/escalation/decide-contacts.ts';
import type { Operations, PageChannel } from '../../functions/operations/operations.ts';
import { tell } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';
import { MODEL_RUNS } from './model-runs.ts';

const PEOPLE = ['ana', 'ben', 'cleo', 'dan', 'eve'] as const;
const CHANNELS = ['sms', 'email'] as const;

/** Who has what, who is on which level, and which contacts nothing reaches: `ana sms`. */
type Team = { has: Record<string, readonly PageChannel[]>; levels: string[][]; dead: readonly string[] };

const has = fc.constantFrom<readonly PageChannel[]>(['sms'], ['email'], CHANNELS, CHANNELS, []);
const contacts = PEOPLE.flatMap((person) => CHANNELS.map((channel) => `${person} ${channel}`));
/** Two of three. */
const someDead = fc
  .array(fc.constantFrom(true, true, false), { minLength: contacts.length, maxLength: contacts.length })
  .map((dead) => contacts.filter((_, n) => dead[n]));
const team: fc.Arbitrary<Team> = fc.record({
  has: fc.record(Object.fromEntries(PEOPLE.map((person) => [person, has]))),
  levels: fc.array(fc.subarray([...PEOPLE], { maxLength: 3 }), { minLength: 4, maxLength: 4 }),
  dead: fc.oneof({ weight: 4, arbitrary: someDead }, { weight: 1, arbitrary: fc.constantFrom(contacts, []) }),
});
const wanted = fc.constantFrom<readonly PageChannel[]>(CHANNELS, ['email'], ['sms']);

/** @param marked  what the audit has found out */
function operationsOf({ has, levels }: Team, marked: readonly string[]): Operations {
  const responders = Object.fromEntries(
    PEOPLE.map((person) => {
      const unreachable = Object.fromEntries(
        CHANNELS.filter((channel) => marked.includes(`${person} ${channel}`)).map((one) => [
          one,
          'opted out',
        ]),
      );
      const phone = has[person]!.includes('sms') ? { phone: '+12025550101' } : {};
      const email = has[person]!.includes('email') ? { email: `${person}@example.com` } : {};
      return [person, { name: person, ...phone, ...email, unreachable }];
    }),
  );
  return { ...fourLevels, responders, levels };
}

/** What reaches a person: on the wanted channels, or else on whatever they have. */
function ways({ has, dead }: Team, person: string, channels: readonly PageChannel[]): string[] {
  const all = has[person]!.map((channel) => `${person} ${channel}`).filter((one) => !dead.includes(one));
  const matching = all.filter((one) => channels.some((channel) => one.endsWith(` ${channel}`)));
  return matching.length > 0 ? matching : all;
}

it('what the audit has marked is passed over: the level itself, else the next that can be reached, else the highest', () => {
  const property = fc.property(team, fc.integer({ min: 1, max: 4 }), wanted, (one, level, channels) => {
    const reached = one.levels.map((people) => people.flatMap((person) => ways(one, person, channels)));
    const staffed = [1, 2, 3, 4].filter((n) => reached[n - 1]!.length > 0);
    const paged = staffed.find((n) => n >= level) ?? staffed.at(-1);
    const decision = decideContacts(operationsOf(one, one.dead), level, channels, 0);
    const told =
      decision.kind === 'page' ? decision.contacts.map((to) => `${to.responder} ${to.channel}`) : [];
    expect({ level: decision.level, told }).toEqual({
      level: paged ?? level,
      told: paged ? reached[paged - 1] : [],
    });
  });
  fc.assert(property, MODEL_RUNS);
});

/** The levels of each policy, each in a step of its own. */
const LEVELS = { critical: [1, 2, 3, 4], warning: [1, 2] };

/** The level that somebody is reached on in the end, or none: the watchers are. */
function reachedLevel(one: Team, marked: readonly string[], severity: 'critical' | 'warning') {
  let wanted: number | undefined = 1;
  while (wanted !== undefined) {
    const tried: number | undefined = [1, 2, 3, 4].find(
      (n) =>
        n >= wanted! &&
        peopleOn(n).some((person) => ways({ ...one, dead: marked }, person, CHANNELS).length > 0),
    );
    if (tried === undefined) return undefined;
    if (peopleOn(tried).some((person) => ways(one, person, CHANNELS).length > 0)) return tried;
    wanted = LEVELS[severity].find((level) => level > tried);
  }
  return undefined;

  function peopleOn(level: number): string[] {
    return one.levels[level - 1]!;
  }
}

it('a page that SNS cannot deliver finds its way at once: within its level, else up the levels, else to the watchers', () => {
  const reached = new Map<number | undefined, number>();
  const severity = fc.constantFrom<'critical' | 'warning'>('critical', 'critical', 'warning');
  const property = fc.property(
    team,
    severity,
    fc.array(fc.boolean(), { maxLength: 10 }),
    (one, severity, known) => {
      const marked = one.dead.filter((_, n) => known[n]);
      let tried = 0;
      const story = tell(operationsOf(one, marked), {
        publish: (page) => {
          if (tried++ > 100) throw new Error('it goes on without end');
          return one.dead.includes(`${page.responder} ${page.channel}`) ? 'undeliverable' : 'sent';
        },
      });
      story.signal(0, 'alarm', { severity });
      const told = new Set(story.sent().map((line) => line.replace(/^0: level (\d) /, '$1 ')));
      const level = reachedLevel(one, marked, severity);
      reached.set(level, (reached.get(level) ?? 0) + 1);
      if (level === undefined) return expectOnly(told, ['watchers topic'], 1);
      const people = one.levels[level - 1]!;
      const all = people.flatMap((person) => ways(one, person, CHANNELS).map((way) => `${level} ${way}`));
      // A warning's first step is by email; who cannot be emailed is texted.
      if (severity === 'critical') expect(told).toEqual(new Set(all));
      else expectOnly(told, all, 1);
    },
  );
  fc.assert(property, MODEL_RUNS);
  // Each end of the way is seen.
  expect([1, 2, 3, 4, undefined].filter((level) => (reached.get(level) ?? 0) < 3)).toEqual([]);
});

function expectOnly(told: ReadonlySet<string>, allowed: readonly string[], atLeast: number): void {
  expect(told.size).toBeGreaterThanOrEqual(atLeast);
  expect([...told].filter((line) => !allowed.some((one) => line.endsWith(one)))).toEqual([]);
}
