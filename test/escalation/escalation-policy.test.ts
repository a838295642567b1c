import { describe, expect, it } from 'vitest';
import {
  firstMoment,
  momentAfter,
  momentByHand,
  stepOf,
} from '../../functions/escalation/escalation-policy.ts';
import { fourLevels } from '../support/teams.ts';

const MINUTE_MS = 60_000;
const { critical, warning, info } = fourLevels.escalation;

const at = (step: number, minutes: number) => ({ step, atMs: minutes * MINUTE_MS });

describe('firstMoment', () => {
  it('is minute 0 of the first step', () => expect(firstMoment(critical)).toEqual(at(0, 0)));
  it('is nothing for info, which pages nobody', () => expect(firstMoment(info)).toBeNull());
});

describe('momentAfter', () => {
  it.each([
    ['level 1 comes level 2 at 15', at(0, 0), at(1, 15)],
    ['level 2 comes level 3 at 30', at(1, 15), at(2, 30)],
    ['level 3 comes level 4 at 60', at(2, 30), at(3, 60)],
    ['level 4 comes level 4 at 90', at(3, 60), at(3, 90)],
    ['1410 comes 1440', at(3, 1410), at(3, 1440)],
    ['1440 comes 1680', at(3, 1440), at(3, 1680)],
    ['1680 comes 1920', at(3, 1680), at(3, 1920)],
    ['a repeat counted from minute 73 comes 103', at(3, 73), at(3, 103)],
  ])('after %s', (_, moment, next) => expect(momentAfter(critical, moment)).toEqual(next));

  it('a warning repeats its last step hourly', () =>
    expect(momentAfter(warning, at(2, 45))).toEqual(at(2, 105)));

  it('nothing follows the last step of a policy that does not repeat', () =>
    expect(momentAfter({ ...critical, repeat: [] }, at(3, 60))).toBeNull());

  it('nothing follows once the last repeat has run out', () =>
    expect(
      momentAfter({ ...critical, repeat: [{ everyMinutes: 30, untilMinutes: 120 }] }, at(3, 120)),
    ).toBeNull());
});

describe('momentAfter, at its edges', () => {
  it('is nothing in a policy that pages nobody, although it says how often', () =>
    expect(momentAfter({ ...critical, steps: [] }, at(0, 0))).toBeNull());

  it('repeats the last step for a moment of one that a deploy has removed', () =>
    expect(momentAfter({ ...critical, steps: critical.steps.slice(0, 2) }, at(3, 90))).toEqual(at(1, 120)));
});

describe('momentByHand', () => {
  it.each([
    ['level 2 at its own 15 minutes when level 1 was paged', 1, 5, at(1, 15)],
    ['level 3 when level 2 was paged', 2, 16, at(2, 30)],
    ['level 4 again, at the present reading, past the last', 4, 73, at(3, 73)],
    ['level 1 when nobody was paged', 0, 0, at(0, 0)],
  ])('jumps to %s', (_, highest, elapsed, moment) =>
    expect(momentByHand(critical, highest, elapsed * MINUTE_MS)).toEqual(moment),
  );

  it('of a warning skips the second step of level 1', () =>
    expect(momentByHand(warning, 1, 5 * MINUTE_MS)).toEqual(at(2, 45)));

  it('has nowhere to jump to in a policy that pages nobody', () =>
    expect(momentByHand(info, 0, 0)).toBeNull());
});

describe('stepOf', () => {
  it('answers with the step of the moment', () =>
    expect(stepOf(critical, at(1, 15))).toEqual(critical.steps[1]));

  it('answers with nothing in a policy that pages nobody', () =>
    expect(stepOf(info, at(0, 0))).toBeUndefined());

  it('answers with the last step when a deploy has shortened the policy', () =>
    expect(stepOf({ ...critical, steps: critical.steps.slice(0, 2) }, at(3, 90))).toEqual(critical.steps[1]));
});
