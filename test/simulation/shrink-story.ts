/** Makes a failing story shorter while it still fails: what is left is what it takes. */
import type { Reaction, Story } from './story.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** After what was violated: as long as the invariants look ahead, and some more. */
const AFTER_MS = [0.25 * HOUR_MS, HOUR_MS, 4 * HOUR_MS];

/** @returns the moment of the violation since the story began, or undefined when the story does not fail any more */
export type Fails = (story: Story) => Promise<number | undefined>;

export type ShrinkLimits = {
  /** so often the story is told at most */
  runs: number;
  /** true: enough time has passed */
  isOver: () => boolean;
};

export type Shrunk = { story: Story; runs: number };

/**
 * @param story  one that fails
 * @param fails  in the same way
 * @returns the shortest story found; the same one when nothing of it can go
 */
export async function shrinkStory(story: Story, fails: Fails, limits: ShrinkLimits): Promise<Shrunk> {
  let shortest = story;
  let failsAt = await fails(story);
  let runs = 1;
  const isOver = () => runs >= limits.runs || limits.isOver();

  /** Keeps the shorter story if it fails as well. */
  const attempt = async (shorter: Story): Promise<boolean> => {
    if (isOver()) return false;
    runs += 1;
    const at = await fails(shorter);
    if (at === undefined) return false;
    shortest = shorter;
    failsAt = at;
    return true;
  };

  if (failsAt === undefined) return { story, runs };

  for (const afterMs of AFTER_MS) if (await attempt(endAt(shortest, failsAt + afterMs))) break;
  for (let before = -1; before !== sizeOf(shortest) && !isOver(); ) {
    before = sizeOf(shortest);
    await attempt({ ...shortest, reactions: {} });
    await attempt({ ...shortest, faults: [] });
    const faults = [...shortest.faults];
    await dropParts(faults, (kept) => attempt({ ...shortest, faults: kept }));
    await dropParts(subjectsOf(shortest), (kept) => attempt(onlyAbout(shortest, kept)));
    await dropParts([...shortest.events], (kept) => attempt({ ...shortest, events: kept }));
    await dropParts(answersOf(shortest), (kept) => attempt({ ...shortest, reactions: reactionsOf(kept) }));
  }
  return { story: shortest, runs };
}

/** Leaves out halves, then quarters, …, then one at a time (ddmin). */
async function dropParts<T>(items: T[], attempt: (kept: T[]) => Promise<boolean>): Promise<void> {
  let kept = items;
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1 && kept.length > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < kept.length; ) {
      const fewer = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (await attempt(fewer)) kept = fewer;
      else from += size;
    }
  }
}

/** What comes later than that is not needed. */
function endAt(story: Story, at: number): Story {
  const endMs = Math.min(at, story.days * DAY_MS);
  const isBefore = (one: { at: number }) => one.at < endMs;
  return {
    ...story,
    days: endMs / DAY_MS,
    events: story.events.filter(isBefore),
    faults: story.faults.filter(isBefore),
  };
}

/** What an event is about: all that is about one alarm goes together, or a fired alarm would never end. */
function subjectOf(event: Story['events'][number]): string {
  switch (event.kind) {
    case 'alarm':
    case 'alarm-deleted':
      return event.alarm;
    case 'event':
      return `${event.sender}/${event.key}`;
    case 'command':
      return event.alert ?? `command ${event.at}`;
    default:
      return `${event.kind} ${event.at}`;
  }
}

function subjectsOf({ events }: Story): string[] {
  return [...new Set(events.map(subjectOf))];
}

function onlyAbout(story: Story, subjects: readonly string[]): Story {
  return { ...story, events: story.events.filter((event) => subjects.includes(subjectOf(event))) };
}

type GivenReaction = { responder: string; nth: number; reaction: Reaction };

function answersOf({ reactions }: Story): GivenReaction[] {
  return Object.entries(reactions).flatMap(([responder, list]) =>
    list.flatMap((reaction, nth) => (reaction ? [{ responder, nth, reaction }] : [])),
  );
}

function reactionsOf(given: readonly GivenReaction[]): Story['reactions'] {
  const reactions: Record<string, (Reaction | null)[]> = {};
  for (const { responder, nth, reaction } of given) {
    reactions[responder] ??= [];
    const list = reactions[responder];
    while (list.length < nth) list.push(null);
    list.push(reaction);
  }
  return reactions;
}

function sizeOf(story: Story): number {
  return story.events.length + story.faults.length + answersOf(story).length;
}
