/** How violations name things: a person must understand at once which alert, who, and when. */
import type { LifeHistory } from './life-history.ts';

export function iso(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().replace('.000Z', 'Z') : 'never';
}

/** `disk-full (0123456789abcdef, opened 2026-03-02T03:00:00Z)` */
export function nameLife({ name, id, openedAt }: Pick<LifeHistory, 'name' | 'id' | 'openedAt'>): string {
  return `${name} (${id}, opened ${iso(openedAt)})`;
}

/** `ana by sms` */
export function nameContact({ responder, channel }: { responder: string; channel: string }): string {
  return `${responder} by ${channel}`;
}
