/** The messages of the template's own alarms, as the watchers received them. */
import { minuteOf, type Scenario } from './scenario.ts';

/** `4 overdue`, each once: by the watchers' topic, to its native subscribers. */
export function alarms({ world }: Scenario): string[] {
  const told = world.messages.filter(
    ({ topic, subject, channel, delivered }) =>
      topic === 'tocsin-watchers' && channel === 'email' && delivered && subject?.startsWith('ALARM:'),
  );
  const lines = told.map(
    ({ at, subject }) => `${Math.floor(minuteOf(at))} ${/"tocsin-(.+)"/.exec(subject!)![1]}`,
  );
  return [...new Set(lines)];
}
