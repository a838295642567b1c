/** Which message told of which life of an alert: by the links in messages, and of a storm by the line that it told of. */
import type { Publish, Run } from '../run.ts';
import { type LifeHistory, lifeKey } from './life-history.ts';
import { onceOf } from './once-of.ts';
import { toldByStorm } from './told-by-storm.ts';

/** Of a message, from when SNS took it until its sender looked at its clock. */
export const SETTLED_WITHIN_MS = 5_000;

export const SLOT_MS = 60_000;

export type Addressee = { responder: string; channel: string };

const tellings = onceOf((run: Run) => {
  const byLife = new Map<string, Publish[]>();
  const tell = (key: string, publish: Publish) => byLife.set(key, [...(byLife.get(key) ?? []), publish]);
  for (const publish of run.publishes) {
    const listed = new Set(publish.alerts.map(lifeKey));
    for (const key of listed) tell(key, publish);
    if (!publish.isStorm || publish.takenAt === undefined) continue;
    for (const key of toldByStorm(run, publish)) if (!listed.has(key)) tell(key, publish);
  }
  return byLife;
});

/** Every publish that told of that life, whether SNS took it or not, in the order in which they began. */
export function tellingsOf(run: Run, life: LifeHistory): readonly Publish[] {
  return tellings(run).get(lifeKey(life)) ?? [];
}

export function isSameContact(a: Partial<Addressee>, b: Addressee): boolean {
  return a.responder === b.responder && a.channel === b.channel;
}

const takenByContact = onceOf((run: Run) => {
  const taken = new Map<string, Publish[]>();
  for (const publish of run.publishes) {
    if (publish.takenAt === undefined) continue;
    const contact = `${publish.responder} ${publish.channel}`;
    taken.set(contact, [...(taken.get(contact) ?? []), publish]);
  }
  for (const list of taken.values()) list.sort((a, b) => a.takenAt! - b.takenAt!);
  return taken;
});

/** All that SNS took for each contact, in order. */
export function takenOf(run: Run): ReadonlyMap<string, readonly Publish[]> {
  return takenByContact(run);
}

/** When a contact's slot is free for what falls due at that moment. What came within that second may have been too late for its message. */
export function slotFreeAt(run: Run, { responder, channel }: Addressee, atMs: number): number {
  const taken = takenOf(run).get(`${responder} ${channel}`) ?? [];
  const latest = taken.findLast(({ takenAt }) => takenAt! <= atMs + 1_000);
  return latest ? Math.max(atMs, latest.takenAt! + SLOT_MS) : atMs;
}
