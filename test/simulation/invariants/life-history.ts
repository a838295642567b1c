/** Each alert's lives as they stood in the table, write by write. */
import type { Alert, TimelineEntry } from '../../../functions/alerts/alert.ts';
import type { Run, Write } from '../run.ts';
import { nameOf } from '../source-name.ts';
import { onceOf } from './once-of.ts';

/** The alert as it was from one write to the next. */
export type State = {
  at: number;
  alert: Alert;
  /** as it was before the write; absent for the write that opened this life */
  before?: Alert;
  write: Write;
  /** what this write adds to the timeline */
  entries: readonly TimelineEntry[];
};

export type LifeHistory = {
  id: string;
  /** the alarm's name, or `sender/key` */
  name: string;
  openedAt: number;
  /** at least one, in order */
  states: readonly State[];
  /** when the next life of the same alert took its place */
  replacedAt: number | undefined;
  /** the whole timeline as it stood at the end */
  timeline: readonly TimelineEntry[];
  /** as it stood at the end; absent when nothing of it is left */
  atEnd: Alert | undefined;
};

/** In the order in which they opened. */
export const historiesOf = onceOf((run: Run): readonly LifeHistory[] => {
  const lives: (LifeHistory & { states: State[] })[] = [];
  const latest = new Map<string, LifeHistory & { states: State[] }>();
  const ends = new Map(run.lives.map((life) => [lifeKey(life.alert), life]));
  for (const write of run.writes) {
    if (!write.pk.startsWith('alert#') || write.sk !== 'current' || !write.after) continue;
    const alert = write.after as unknown as Alert;
    if (!(alert.openedAt > 0)) continue;
    const before = write.before as unknown as Alert | undefined;
    let life = latest.get(alert.id);
    if (life?.openedAt !== alert.openedAt) {
      if (life) life.replacedAt = write.at;
      const end = ends.get(lifeKey(alert));
      life = {
        id: alert.id,
        name: nameOf(alert.source),
        openedAt: alert.openedAt,
        states: [],
        replacedAt: undefined,
        timeline: end?.timeline ?? [],
        atEnd: end?.alert,
      };
      lives.push(life);
      latest.set(alert.id, life);
    }
    life.states.push({
      at: write.at,
      alert,
      ...(before?.openedAt === alert.openedAt && { before }),
      write,
      entries: alert.timeline.filter(
        ({ openedAt, version }) => openedAt === alert.openedAt && version > (before?.version ?? 0),
      ),
    });
  }
  return lives;
});

export function lifeKey({ id, openedAt }: { id: string; openedAt: number }): string {
  return `${id} ${openedAt}`;
}

/** The alert as it stood at that moment, all writes of it included; nothing before it opened. */
export function stateAt({ states }: LifeHistory, atMs: number): State | undefined {
  return states.findLast(({ at }) => at <= atMs);
}

/** The alert as it stood right before that moment. */
export function stateBefore({ states }: LifeHistory, atMs: number): State | undefined {
  return states.findLast(({ at }) => at < atMs);
}

/** When this life was over: resolved, or another took its place. Infinity while it is open. */
export function overAt({ states, replacedAt }: LifeHistory): number {
  const resolved = states.find(({ alert }) => alert.status === 'resolved');
  return Math.min(resolved?.at ?? Number.POSITIVE_INFINITY, replacedAt ?? Number.POSITIVE_INFINITY);
}

const HOLDS = ['recovering', 'snoozed', 'maintenance', 'silenced', 'inhibited', 'muted'] as const;
export type HoldName = (typeof HOLDS)[number];

export function holdsOf({ holds }: Pick<Alert, 'holds'>): HoldName[] {
  return HOLDS.filter((hold) => holds[hold] !== undefined);
}

export function isHeld(alert: Pick<Alert, 'holds'>): boolean {
  return holdsOf(alert).length > 0;
}
