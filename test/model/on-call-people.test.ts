import fc from 'fast-check';
import { expect, it } from 'vitest';
import { onCall } from '../../functions/oncall/on-call.ts';
import { fourLevels } from '../support/teams.ts';
import { MODEL_RUNS } from './model-runs.ts';

const PEOPLE = Object.keys(fourLevels.responders);

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
        ...fourLevels,
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
