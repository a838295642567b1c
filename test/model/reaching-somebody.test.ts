import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideContacts } from '../../functions/escalation/decide-contacts.ts';
import { onCall } from '../../functions/oncall/on-call.ts';
import type { Operations, PageChannel } from '../../functions/operations/operations.ts';
import { tell } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';
import { MODEL_RUNS } from './model-runs.ts';

const PEOPLE = ['ana', 'ben', 'cleo', 'dan', 'eve'] as const;
const CHANNELS = ['sms', 'email'] as const;

/** Who has what, who is on which level, and which contacts nothing reaches: `ana sms`. */
type Team = { has: Record<string, readonly PageChannel[]>; levels: string[][]; dead: string[] };

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

/** @param known  the audit has found out what is dead */
function operationsOf({ has, levels, dead }: Team, known: boolean): Operations {
  const responders = Object.fromEntries(
    PEOPLE.map((person) => {
      const unreachable = Object.fromEntries(
        CHANNELS.filter((channel) => known && dead.includes(`${person} ${channel}`)).map((one) => [
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
    const decision = decideContacts(operationsOf(one, true), level, channels, 0);
    const told =
      decision.kind === 'page' ? decision.contacts.map((to) => `${to.responder} ${to.channel}`) : [];
    expect({ level: decision.level, told }).toEqual({
      level: paged ?? level,
      told: paged ? reached[paged - 1] : [],
    });
  });
  fc.assert(property, MODEL_RUNS);
});

it('a page that SNS cannot deliver finds its way at once: within its level, else up the levels, else to the watchers', () => {
  let escalated = 0;
  const property = fc.property(team, (one) => {
    let tried = 0;
    const story = tell(operationsOf(one, false), {
      publish: (page) => {
        if (tried++ > 100) throw new Error('it goes on without end');
        return one.dead.includes(`${page.responder} ${page.channel}`) ? 'undeliverable' : 'sent';
      },
    });
    story.signal(0, 'alarm');
    const told = new Set(story.sent().map((line) => line.replace(/^0: level (\d) /, '$1 ')));
    // A level without anybody hands its moment on, upward and else downward: what is left are those with a contact.
    const peopled = [1, 2, 3, 4].filter((n) =>
      one.levels[n - 1]!.some((person) => one.has[person]!.length > 0),
    );
    const first = peopled[0];
    const reached = peopled.find((n) =>
      one.levels[n - 1]!.some((person) => ways(one, person, CHANNELS).length > 0),
    );
    if (reached === undefined) {
      expect([...told].map((line) => line.slice(2))).toEqual(['watchers topic']);
      return;
    }
    if (reached !== first) escalated += 1;
    const people = one.levels[reached - 1]!;
    expect(told).toEqual(
      new Set(people.flatMap((person) => ways(one, person, CHANNELS).map((way) => `${reached} ${way}`))),
    );
  });
  fc.assert(property, MODEL_RUNS);
  expect(escalated).toBeGreaterThan(20);
});

it('on call at a level is each responder once whom it names, by schedule or by name, in that order', () => {
  const names = fc.array(fc.constantFrom(...PEOPLE, 'early', 'late', 'gone', 'constructor'), {
    maxLength: 6,
  });
  const schedules = fc.record({ early: fc.subarray([...PEOPLE, 'gone']), late: fc.subarray([...PEOPLE]) });
  const property = fc.property(
    fc.array(names, { minLength: 1, maxLength: 4 }),
    schedules,
    fc.nat(6),
    (levels, lists, level) => {
      const operations = {
        ...operationsOf({ has: everything, levels: [], dead: [] }, false),
        levels,
        schedules: lists,
      };
      const people: string[] = [];
      for (const name of levels[Math.min(Math.max(level, 1), levels.length) - 1]!) {
        const list = name === 'early' ? lists.early : name === 'late' ? lists.late : [name];
        for (const person of list) {
          const isKnown = PEOPLE.some((known) => known === person);
          if (isKnown && !people.includes(person)) people.push(person);
        }
      }
      expect(onCall(operations, level, 0)).toEqual(people);
    },
  );
  fc.assert(property, MODEL_RUNS);
});

const everything = Object.fromEntries(PEOPLE.map((person) => [person, CHANNELS]));
