/**
 * Every level is paged in time: within 5 s after the later of its moment and the contact's slot where no fault was near,
 * and within 3 min once faults stop. Source: design, Numbers to hold
 */
import type { Invariant } from '../run.ts';
import { WATCHERS } from '../who-is-paged.ts';
import { type Miss, missesOf } from './owed-levels.ts';
import { iso, nameContact, nameLife } from './words.ts';

export const pagedInTime: Invariant = (run) =>
  missesOf(run)
    .filter(({ contact }) => contact.responder !== WATCHERS.responder)
    .map((miss) => ({ invariant: 'paged-in-time', at: miss.deadline, what: describeMiss(miss) }));

export function describeMiss({
  life,
  moment,
  level,
  contact,
  owedFrom,
  freeAt,
  deadline,
  cameAt,
}: Miss): string {
  const waited = [
    ...(owedFrom > moment.at ? [`held until ${iso(owedFrom)}`] : []),
    ...(freeAt > owedFrom ? [`the slot was free at ${iso(freeAt)}`] : []),
  ];
  return [
    `alert ${nameLife(life)} owed level ${level} (${moment.severity}, by ${moment.cause}) to ${nameContact(contact)} at ${iso(moment.at)}`,
    ...waited,
    `SNS had to have it by ${iso(deadline)}, and had it ${cameAt === undefined ? 'never' : `at ${iso(cameAt)}`}`,
  ].join('; ');
}
