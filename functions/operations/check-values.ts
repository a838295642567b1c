/** What a type cannot say: order, repetition, placeholders. Each check takes any value and ignores what is mistyped. */
import { asRecord } from './declared-names.ts';
import { type Mistake, showFound } from './mistakes.ts';
import { chooseFrom } from './nearest.ts';

const PLACEHOLDERS = [
  '{account}',
  '{region}',
  '{alarmName}',
  '{integration}',
  '{service}',
  '{tag:NAME}',
  '{label:NAME}',
];

export function checkContact(responder: unknown): Mistake[] {
  const { email, phone } = asRecord(responder);
  if (email !== undefined || phone !== undefined) return [];
  return [{ path: [], found: 'neither email nor phone', write: 'at least one of them' }];
}

export function checkRepetition(list: unknown): Mistake[] {
  return asList(list).flatMap((item, index, all) =>
    typeof item !== 'string' || all.indexOf(item) === index
      ? []
      : { path: [index], found: `${showFound(item)} again`, write: 'each one once' },
  );
}

/** Nobody may be left asleep by leaving every step out. */
export function checkCritical(policy: unknown): Mistake[] {
  const { steps } = asRecord(policy);
  if (!Array.isArray(steps) || steps.length > 0) return [];
  return [{ path: ['steps'], found: 'no step', write: 'at least one: a critical alert pages somebody' }];
}

/** The first step is at 0, the others in order of time. */
export function checkStepOrder(steps: unknown): Mistake[] {
  const times = asList(steps).map((step) => asRecord(step).afterMinutes);
  return times.flatMap((time, index) => {
    const earliest = index === 0 ? 0 : times[index - 1];
    if (typeof time !== 'number' || typeof earliest !== 'number' || Number.isNaN(time)) return [];
    if (index === 0 ? time <= 0 : time >= earliest) return [];
    const write =
      index === 0 ? '0: the first step comes at once' : `${earliest} or more, as the step before it`;
    return { path: [index, 'afterMinutes'], found: showFound(time), write };
  });
}

/** Each repeat ends later than the one before; only the last may have no end. */
export function checkRepeatOrder(repeats: unknown): Mistake[] {
  const ends = asList(repeats).map((repeat) => asRecord(repeat).untilMinutes);
  return ends.flatMap((end, index) => {
    const before = ends[index - 1];
    if (end === undefined && index < ends.length - 1)
      return { path: [index, 'untilMinutes'], found: 'no end', write: 'one, for another repeat follows' };
    if (typeof end !== 'number' || typeof before !== 'number' || end > before) return [];
    return { path: [index, 'untilMinutes'], found: showFound(end), write: `more than ${before}` };
  });
}

/** A route's key may use what the signal has, and the service only if the route names one. */
export function checkDedupKey(route: unknown): Mistake[] {
  const { dedupKey, service } = asRecord(route);
  if (typeof dedupKey !== 'string') return [];
  const placeholders: string[] = dedupKey.match(/\{[^{}]*\}/g) ?? [];
  const writes = placeholders
    .filter((written) => !PLACEHOLDERS.includes(written) && !/^\{(tag|label):[^{}]+\}$/.test(written))
    .map((written) => ({
      found: showFound(written),
      write: chooseFrom('placeholders', PLACEHOLDERS, written),
    }));
  if (service === undefined && placeholders.includes('{service}'))
    writes.push({ found: "'{service}' in a route without service", write: 'the `service` too' });
  if (/[{}]/.test(dedupKey.replaceAll(/\{[^{}]*\}/g, '')))
    writes.push({ found: showFound(dedupKey), write: 'a closing brace for each opening one' });
  return writes.map((mistake) => ({ path: ['dedupKey'], ...mistake }));
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
