/** Makes a story of a seed: a team's days, with all that can happen and all that can go wrong. */

import { type Character, characterOf } from './stories/characters.ts';
import { type Draw, drawOf } from './stories/draw.ts';
import { EPISODES, type EpisodeKind } from './stories/episodes.ts';
import { planFaults } from './stories/plan-faults.ts';
import { planReactions } from './stories/plan-reactions.ts';
import type { Story, StoryEvent } from './story.ts';
import { DEPLOYS, TEAMS, type TeamName } from './teams.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** At the end nothing new happens and nothing goes wrong: what is left must settle. */
export const QUIET_END_MS = 3 * HOUR_MS;

/** Sundays on which the clocks change: Berlin's and New York's, in spring and in autumn. */
const CLOCK_CHANGES = ['2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01'].map((day) => Date.parse(day));
/** A Monday like any other. */
const ANY_MONDAY = Date.UTC(2026, 5, 1);

/** A storm is dear: an alert of it costs some hundred calls. */
const STORMS_MOST = 1;
const DEAD_LETTERS_FROM_MS = HOUR_MS;

/** So many stories have an alarm that still fires when they end. */
const LEFT_OPEN = 0.35;

const DEFAULTS = { perDay: 1, answers: 0.7, faults: 4, outages: 0, deploys: 1, clockChange: false };
const EVEN = Object.fromEntries(Object.keys(EPISODES).map((kind) => [kind, 1])) as Record<
  EpisodeKind,
  number
>;
/** They happen only where a character asks for them. */
const RARE = { leaving: 0, noData: 0, heldInLine: 0 };
/** Storms and hours unanswered are dear: mostly they are left to those who are about them. */
const WEIGHTS: Record<EpisodeKind, number> = {
  ...EVEN,
  single: 2,
  storm: 0.1,
  largeStorm: 0,
  drawnOut: 0.3,
  ...RARE,
};

/**
 * @param seed  whole, 0 to 2³¹ − 1: the same seed and days are the same story
 * @param days  may have a fraction
 */
export function generateStory(seed: number, days: number): Story {
  const draw = drawOf(seed);
  const character: Character & typeof DEFAULTS = { ...DEFAULTS, ...characterOf(seed) };
  const team = draw.one((character.teams ?? Object.keys(TEAMS)) as TeamName[]);
  const startMs = startOf(draw, days, character.clockChange);
  const endMs = days * DAY_MS;
  const quietFromMs = endMs - Math.min(QUIET_END_MS, endMs / 2);
  const count = Math.max(1, Math.round(days * character.perDay * draw.between(0.8, 1.2)));

  const deploys = planDeploys(draw, team, character.deploys, quietFromMs);
  const teams = [team, ...deploys.map((deploy) => deploy.team as TeamName)];
  const responders = [...new Set(teams.flatMap((name) => Object.keys(TEAMS[name].responders)))];

  const deploysAt = deploys.map(({ at }) => at);
  const begins = episodeMoments(draw, count, quietFromMs, deploysAt);
  let storms = 0;
  const happened = begins.flatMap((at) => {
    const weights = {
      ...WEIGHTS,
      ...character.episodes,
      ...(storms === STORMS_MOST && { storm: 0, largeStorm: 0 }),
    };
    const kind = draw.weighted(weights);
    if (kind === 'storm' || kind === 'largeStorm') storms += 1;
    // While there is a dead letter, every audit looks at it, and idle hours are idle no more.
    const from = kind === 'malformed' ? Math.max(at, quietFromMs - DEAD_LETTERS_FROM_MS) : at;
    return EPISODES[kind]({ draw, at: from, startMs, responders, deploysAt });
  });
  const left = draw.chance(LEFT_OPEN) ? [neverOver(draw, quietFromMs)] : [];
  const events = [...settle(draw, happened, quietFromMs), ...left, ...deploys].sort((a, b) => a.at - b.at);

  const faults = planFaults({
    draw,
    seed,
    moments: events.map(({ at }) => at),
    quietFromMs,
    count: Math.round(count * character.faults),
    target: character.target && {
      ...character.target,
      count: Math.round(count * character.target.perEpisode),
    },
    outages: Math.round(character.outages * Math.ceil(days / 2)),
  });
  const reactions = planReactions(draw, responders, days, character.answers);
  return { seed, days, startMs, team, events, faults, reactions };
}

/** A whole minute; the clocks change within the story, if they are to. */
function startOf(draw: Draw, days: number, clockChange: boolean): number {
  const minute = draw.whole(0, 24 * 60 - 1) * MINUTE_MS;
  if (!clockChange && draw.chance(0.7)) return ANY_MONDAY + draw.whole(0, 6) * DAY_MS + minute;
  // The hours of the change come some time after the beginning, and before the quiet end.
  const beforeMs = draw.between(0.05, 0.6) * days * DAY_MS;
  return Math.floor((draw.one(CLOCK_CHANGES) - beforeMs) / MINUTE_MS) * MINUTE_MS;
}

/** Anywhere; and where there are deploys, some begin shortly before one. */
function episodeMoments(
  draw: Draw,
  count: number,
  quietFromMs: number,
  deploysAt: readonly number[],
): number[] {
  return Array.from({ length: count }, () => {
    if (deploysAt.length > 0 && draw.chance(0.4))
      return Math.max(
        0,
        draw.one(deploysAt) - draw.one([draw.whole(0, 20), draw.between(0.1, 1)]) * MINUTE_MS,
      );
    return draw.whole(0, Math.max(0, Math.round(quietFromMs - 20 * MINUTE_MS)));
  }).sort((a, b) => a - b);
}

/** One deploy has ended before the next begins. */
function planDeploys(
  draw: Draw,
  team: TeamName,
  count: number,
  quietFromMs: number,
): Extract<StoryEvent, { kind: 'deploy' }>[] {
  const eachMs = quietFromMs / Math.max(1, count);
  let standing = team;
  return Array.from({ length: count }, (_, n) => {
    standing = draw.one(DEPLOYS[standing]);
    const overlapMs = Math.round(draw.one([0, 0.5, 5, 15]) * MINUTE_MS);
    const at = Math.round(n * eachMs + draw.between(0, Math.max(0, eachMs - 20 * MINUTE_MS)));
    return { at, kind: 'deploy' as const, team: standing, overlapMs: Math.min(overlapMs, eachMs / 4) };
  });
}

function neverOver(draw: Draw, quietFromMs: number): StoryEvent {
  const at = draw.whole(quietFromMs - Math.min(quietFromMs, 90 * MINUTE_MS), quietFromMs - 1);
  return {
    at,
    kind: 'alarm',
    alarm: draw.one(['left-open', 'checkout-left-open', 'search-left-open']),
    state: 'ALARM',
  };
}

/** What would happen in the quiet end happens before it, or never does: an alert or two stay open to the end. */
function settle(draw: Draw, events: readonly StoryEvent[], quietFromMs: number): StoryEvent[] {
  return events.flatMap((event) => {
    const at = Math.max(0, Math.round(event.at));
    if (at < quietFromMs) {
      const lasts = 'forMs' in event ? { forMs: Math.min(event.forMs, quietFromMs - at) } : {};
      return [{ ...event, at, ...lasts } as StoryEvent];
    }
    if (draw.chance(0.4)) return [];
    return [
      { ...event, at: draw.whole(Math.max(0, quietFromMs - 10 * MINUTE_MS), quietFromMs - 1) } as StoryEvent,
    ];
  });
}
