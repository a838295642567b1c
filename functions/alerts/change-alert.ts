/** The one way in which an alert changes: read, decide, write if nobody was faster, otherwise read again. */
import { OpsError } from '../shared/errors.ts';
import type { AlertStore } from './alert.store.ts';
import type { Alert } from './alert.ts';
import type { Decision } from './alert-draft.ts';

/** More writers at once on one alert do not happen; what does is left to the queue. */
const TRIES_MOST = 25;

/** Beyond this many timeline entries, or for a new life, the item's are copied out before it is written again. */
const TIMELINE_IN_ITEM = 20;

/**
 * Changes one alert by a rule.
 * @param known  the alert as this caller has just written it: it is read only if somebody else has written since
 * @returns the alert as written, or why nothing changed
 * @throws OpsError `retry` when others kept being faster
 */
export async function changeAlert(
  store: AlertStore,
  id: string,
  decide: (alert: Alert | undefined) => Decision | Promise<Decision>,
  known?: Alert,
): Promise<Decision> {
  for (let attempt = 1; attempt <= TRIES_MOST; attempt++) {
    const before = attempt === 1 && known ? known : await store.read(id);
    const decision = await decide(before);
    if (decision.kind === 'unchanged') return decision;
    const opensAnew = before?.openedAt !== decision.alert.openedAt;
    if (before && (opensAnew || before.timeline.length >= TIMELINE_IN_ITEM)) {
      await store.copyTimeline(id, before.timeline);
      decision.alert.timeline = decision.alert.timeline.filter((entry) => entry.version > before.version);
    }
    if (await store.write(decision.alert)) return decision;
  }
  throw new OpsError('retry', `alert ${id} was changed by others ${TRIES_MOST} times in a row: try again`);
}
