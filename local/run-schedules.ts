/** Runs the schedules of the template, each at its moments, as the clock comes to them. */
import type { Queue } from './aws/queue.ts';
import type { Clock } from './clock.ts';
import type { Place } from './template-attributes.ts';
import { type Schedule, scheduledEvent } from './wire-schedules.ts';

/** @param others  every other schedule of the template */
export type IsIdle = (schedule: Schedule, others: readonly Schedule[]) => boolean | Promise<boolean>;

type Options = {
  clock: Clock;
  place: Place;
  queues: readonly Queue[];
  invokeLater: (functionArn: string, event: unknown) => void;
  /** a run that may be left out, because it would find nothing to do */
  isIdle?: IsIdle | undefined;
  /** @returns how much later each run of it comes, in milliseconds: `[]` is skipped, `[0, 0]` doubled */
  disturb?: ((name: string) => readonly number[] | undefined) | undefined;
};

export function runSchedules(schedules: readonly Schedule[], options: Options): void {
  const { clock, queues, isIdle, disturb } = options;
  for (const schedule of schedules) run(schedule);

  function run(schedule: Schedule): void {
    const atMs = schedule.next(clock.nowMs());
    if (atMs === undefined) return;
    clock.at(atMs, 'schedule', async () => {
      run(schedule);
      const others = schedules.filter((one) => one !== schedule);
      // Whoever looks into a table on disk leaves this process for as long.
      if (isIdle && (await clock.hold(Promise.resolve(isIdle(schedule, others))))) return;
      for (const laterMs of disturb?.(schedule.name) ?? [0]) {
        if (laterMs === 0) fire(schedule, atMs);
        else clock.at(atMs + laterMs, 'schedule', () => fire(schedule, atMs));
      }
    });
  }

  function fire(schedule: Schedule, atMs: number): void {
    const event = scheduledEvent(schedule, atMs, options.place);
    const queue = queues.find(({ arn }) => arn === schedule.targetArn);
    if (queue) queue.send(JSON.stringify(event));
    else options.invokeLater(schedule.targetArn, event);
  }
}
