/** How stories and what was observed of them call an alert's source. */
import type { Alert } from '../../functions/alerts/alert.ts';

/** The alarm's name, or `sender/key`. */
export function nameOf(source: Alert['source']): string {
  if (source.kind === 'cloudwatch') return source.alarmName;
  if (source.kind === 'integration') return `${source.integration}/${source.key}`;
  return `${source.kind}/${source.key}`;
}
