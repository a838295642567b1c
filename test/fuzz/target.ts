/** What the fuzzer feeds: a part of Tocsin that takes what others send, and what must hold of each answer. */
import type { Chance } from './chance.ts';

/**
 * What became of an input: `accepted`, it is acted upon; `ignored`, well-formed and left out on purpose; `refused`,
 * answered with what is wrong; `kept`, set aside with its reason.
 */
export const OUTCOMES = ['accepted', 'ignored', 'refused', 'kept'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type Target<Input = unknown> = {
  name: string;
  /** of each thousand inputs so many are for this one */
  share: number;
  make(chance: Chance): Input;
  /**
   * @param isFollowed  what is accepted is followed to its messages and pages, which takes ten times as long
   * @throws whatever the part throws that it should not, or a broken promise
   */
  feed(input: Input, isFollowed: boolean): Outcome | Promise<Outcome>;
  /** Inputs that are `size` large, each kind by its name: the time may grow as the size does, and not faster. */
  families: Record<string, (size: number) => Input>;
};

/** @throws Error with what was promised, when it is not so */
export function promise(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`broken: ${what}`);
}
