/** Messages of one process go out in turn, each when the slot of the one before it knows: a crash leaves one at most that nobody knows of. */

/** Does the work when it is its turn. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Wakes after so many milliseconds. @returns stops it */
export type Alarm = (ms: number, wake: () => void) => () => void;

/** While SNS or the table is slow, the next one is not kept waiting for longer. */
const WAIT_MOST_MS = 1_000;

export function inTurn(alarm: Alarm): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const before = last;
    const mine = atMost(before, alarm).then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

function atMost(before: Promise<unknown>, alarm: Alarm): Promise<void> {
  return new Promise((go) => {
    const stop = alarm(WAIT_MOST_MS, go);
    void before.then(() => {
      stop();
      go();
    });
  });
}
