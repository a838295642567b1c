/** Which alerts a window, a silence or an inhibition means. */
import type { Alert } from '../alerts/alert.ts';
import { matchesGlob } from '../intake/glob.ts';
import type { Match } from '../operations/operations.ts';

/** What of an alert is matched. */
export type Matched = Pick<Alert, 'service' | 'severity' | 'labels'>;

/** True when all of it matches; `{}` matches every alert. What the alert does not have matches no pattern, not even `*`. */
export function matchesAlert({ service, severity, labels = {} }: Match, alert: Matched): boolean {
  if (severity !== undefined && severity !== alert.severity) return false;
  if (service !== undefined && !matches(service, alert.service)) return false;
  return Object.entries(labels).every(([name, pattern]) => matches(pattern, labelOf(alert, name)));
}

/** Every part of it is left out, or a pattern of `*` and `?` only, which narrows nothing. */
export function matchesEverything({ service, severity, labels = {} }: Match): boolean {
  const patterns = [service, ...Object.values(labels)].filter((pattern) => pattern !== undefined);
  return severity === undefined && patterns.every((pattern) => /^[*?]*$/.test(pattern));
}

/** `service checkout, severity warning, team=shop` */
export function describeMatch({ service, severity, labels = {} }: Match): string {
  const parts = [
    service && `service ${service}`,
    severity && `severity ${severity}`,
    ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(', ') : 'every alert';
}

/** Own property: a label may be named `constructor`. */
export function labelOf({ labels }: Pick<Matched, 'labels'>, name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}

function matches(pattern: string, text: string | undefined): boolean {
  return text !== undefined && matchesGlob(pattern, text);
}
