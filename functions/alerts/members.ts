/** The alarms that one alert folds together: what each of them said last, and whether any still fires. */
import type { ClassifiedSignal } from '../intake/signal.ts';
import type { Alert } from './alert.ts';

/** Alarms that one alert tells apart; the item stays small. */
const MEMBERS_MOST = 50;

/** What speaks: an alarm, one contributor of it, or a sender's own key. */
export function memberOf({ source }: Pick<ClassifiedSignal, 'source'>): string {
  switch (source.kind) {
    case 'cloudwatch':
      return source.contributor === undefined ? source.alarmArn : `${source.alarmArn} ${source.contributor}`;
    case 'integration':
      return `${source.integration} ${source.key}`;
    default:
      return `${source.kind} ${source.key}`;
  }
}

/**
 * Of different states of one alarm at one instant ALARM wins; otherwise only what is newer counts. Alertmanager gives an
 * alert up that it has lost sight of, and then says once more that it fires, as of when it began: what reached us later
 * counts there, unless it says the same again.
 */
export function isStale(alert: Alert, signal: ClassifiedSignal): boolean {
  const last = alert.members[memberOf(signal)];
  if (!last) return false;
  if (signal.heardAt !== undefined && last.heardAt !== undefined && signal.heardAt !== last.heardAt) {
    return signal.heardAt < last.heardAt || (signal.state === last.state && signal.at <= last.at);
  }
  if (signal.at !== last.at) return signal.at < last.at;
  return signal.state !== 'alarm' || last.state === 'alarm';
}

/** Another alarm under the same key still fires: that the one that spoke last is OK ends nothing. */
export function othersFire(draft: Alert): boolean {
  const asked = memberOf(draft);
  return Object.entries(draft.members).some(([member, { state }]) => member !== asked && state === 'alarm');
}

/** CloudWatch was asked about the alarm that spoke last: it fires no more. What it said before, said again, is stale. */
export function hearQuiet(draft: Alert, state: 'ok' | 'deleted'): void {
  const asked = memberOf(draft);
  const at = draft.members[asked]?.at ?? draft.lastSignalAt;
  draft.members[asked] = { ...draft.members[asked], state, at: at + 1 };
  if (!othersFire(draft)) draft.lastSignalState = state;
}

/** Remembers what this member said. The alert fires while any of them does. */
export function hear(draft: Alert, signal: ClassifiedSignal): void {
  draft.members[memberOf(signal)] = heard(signal);
  draft.lastSignalAt = Math.max(draft.lastSignalAt, signal.at);
  const fires = Object.values(draft.members).some(({ state }) => state === 'alarm');
  draft.lastSignalState = fires ? 'alarm' : signal.state;
  forgetQuietMembers(draft);
}

export function heard({ state, at, heardAt }: ClassifiedSignal): Alert['members'][string] {
  return { state, at, heardAt };
}

/** Beyond the limit those that have been quiet for longest are forgotten. */
function forgetQuietMembers(draft: Alert): void {
  const surplus = Object.keys(draft.members).length - MEMBERS_MOST;
  if (surplus <= 0) return;
  const quiet = Object.entries(draft.members).filter(([, { state }]) => state !== 'alarm');
  for (const [member] of quiet.sort(([, a], [, b]) => a.at - b.at).slice(0, surplus)) {
    delete draft.members[member];
  }
}
