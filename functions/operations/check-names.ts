/** What is wrong with a file's names: as keys and topics, as one namespace, and as the people whom a level comes to. */
import { asRecord, type DeclaredNames } from './declared-names.ts';
import { ESCALATION, LEVELS_OF_PROCEDURES } from './defaults.ts';
import { type Mistake, showFound } from './mistakes.ts';
import { chooseFrom } from './nearest.ts';

/** A responder's name is part of a topic's name and of a key in the table; schedules share their namespace. */
const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const NAME_RULE = 'a name of 1 to 32 characters: a letter first, then a-z, 0-9 or -';

/** A service's name is only shown and compared. */
const SERVICE_NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;
const SERVICE_NAME_RULE =
  'a name of 1 to 64 characters: a letter or digit first, then letters, digits, ., _ or -';

/** The last resort's own name. */
const RESERVED = 'watchers';

const MOST_RESPONDERS = 50;

/** Each is paged on two channels, and an alert keeps 20 pages. */
const MOST_RESPONDERS_PER_LEVEL = 10;

/** @param input  the file as it stands, which may be anything */
export function checkNames(input: unknown, names: DeclaredNames): Mistake[] {
  const file = asRecord(input);
  const unplaced = file.levels === undefined ? checkSchedulesHaveLevels(names) : [];
  return [
    ...checkKeys(names),
    ...checkResponderCount(names),
    ...unplaced,
    ...checkHighestLevel(file, names),
    ...(unplaced.length === 0 ? checkWhomLevelsPage(names) : []),
  ];
}

function checkKeys({ responders, schedules, services }: DeclaredNames): Mistake[] {
  const scheduleNames = [...schedules.keys()];
  return [
    ...misnamed('responders', responders, NAME, NAME_RULE),
    ...misnamed('schedules', scheduleNames, NAME, NAME_RULE),
    ...misnamed('services', services, SERVICE_NAME, SERVICE_NAME_RULE),
    ...responders
      .filter((name) => name === RESERVED)
      .map((name) => misnomer('responders', name, "another name: this one is the last resort's own")),
    ...scheduleNames
      .filter((name) => responders.includes(name))
      .map((name) => misnomer('schedules', name, 'another name: a responder has this one')),
  ];
}

function misnamed(section: string, keys: string[], pattern: RegExp, rule: string): Mistake[] {
  return keys.filter((key) => !pattern.test(key)).map((key) => misnomer(section, key, rule));
}

function misnomer(section: string, key: string, write: string): Mistake {
  return { path: [section, key], found: `the name ${showFound(key)}`, write };
}

function checkResponderCount({ responders }: DeclaredNames): Mistake[] {
  if (responders.length <= MOST_RESPONDERS) return [];
  return [
    { path: ['responders'], found: `${responders.length} responders`, write: `at most ${MOST_RESPONDERS}` },
  ];
}

/** Without `levels`, a schedule has a level by its name, or would never be paged. */
function checkSchedulesHaveLevels({ schedules }: DeclaredNames): Mistake[] {
  const wellKnown = LEVELS_OF_PROCEDURES.flat();
  return [...schedules.keys()]
    .filter((name) => !wellKnown.includes(name))
    .map((name) => ({
      path: ['schedules', name],
      found: `the name ${showFound(name)}, which is in no level`,
      write: `\`levels\`, or ${chooseFrom('schedules of the procedures', wellKnown, name)}`,
    }));
}

/** The default escalation ends at level 4. */
function checkHighestLevel(file: Record<string, unknown>, { levels }: DeclaredNames): Mistake[] {
  const highestByDefault = LEVELS_OF_PROCEDURES.length;
  const hasOwnSteps = Object.keys(ESCALATION).some(
    (severity) => asRecord(asRecord(file.escalation)[severity]).steps !== undefined,
  );
  if (hasOwnSteps || levels.length <= highestByDefault) return [];
  return [
    {
      path: ['levels'],
      found: `${levels.length} levels, of which the default escalation pages ${highestByDefault}`,
      write: `at most ${highestByDefault}, or \`escalation.critical.steps\``,
    },
  ];
}

function checkWhomLevelsPage({ responders, schedules, levels }: DeclaredNames): Mistake[] {
  const paged = levels.map((entries) => new Set(entries.flatMap((entry) => schedules.get(entry) ?? [entry])));
  if (responders.length > 0 && paged.length > 0 && paged.every((people) => people.size === 0))
    return [{ path: ['levels'], found: 'nobody at any level', write: 'at least one responder' }];
  return paged.flatMap((people, index) =>
    people.size <= MOST_RESPONDERS_PER_LEVEL
      ? []
      : {
          path: ['levels', index],
          found: `${people.size} responders at level ${index + 1}`,
          write: `at most ${MOST_RESPONDERS_PER_LEVEL}`,
        },
  );
}
