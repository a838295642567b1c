/** The labels of a signal: what routes, windows, silences and inhibitions match. */
import { cutText } from './cut-text.ts';
import {
  type ClassifiedSignal,
  LABEL_NAME_LIMIT,
  LABEL_VALUE_LIMIT,
  LABELS_MOST,
  type Labels,
  type Signal,
} from './signal.ts';

/** What the source says of itself comes last: a sender's label cannot pass for it. */
export function labelsOf(signal: Signal | ClassifiedSignal): Labels {
  const { source, tags, labels } = signal;
  const own: Record<string, string | undefined> =
    source.kind === 'cloudwatch'
      ? { alarmName: source.alarmName, account: source.account, region: source.region }
      : source.kind === 'integration'
        ? { integration: source.integration }
        : {};
  const all = { ...own, ...labels, ...tags, ...own };
  const bounded = Object.entries(all).slice(0, LABELS_MOST);
  return Object.fromEntries(
    bounded.flatMap(([name, value]) =>
      value === undefined ? [] : [[cutText(name, LABEL_NAME_LIMIT), cutText(value, LABEL_VALUE_LIMIT)]],
    ),
  );
}
