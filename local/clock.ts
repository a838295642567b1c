/** What a clock of the world does: `real-clock.ts` runs, `virtual-clock.ts` stands still, `paced-clock.ts` is both by turns. */

/** What arrives at an instant precedes what is due at it; a schedule fires somewhere in its minute, so after both. */
export type Order = 'arrival' | 'due' | 'schedule';

export type Task = () => void | Promise<void>;
export type Cancel = () => void;

export type Clock = {
  /** epoch milliseconds, whole */
  nowMs(): number;
  /** Runs the task at that moment, or at once if it has passed; of one instant by its order, then in turn. */
  at(atMs: number, order: Order, task: Task): Cancel;
  /** Ends work that takes so long. */
  limit(ms: number, task: Task): Cancel;
  /** Counts work as under way until it settles; what it throws stops the world. */
  track(work: Promise<unknown>): void;
  /** Keeps time from passing until the work has settled: it leaves this process, to a disk or a socket. */
  hold<T>(work: Promise<T>): Promise<T>;
  /** Something went on: time that stands still waits on. */
  touch(): void;
};
