/** The labels of a signal: what routes, windows, silences and inhibitions match. */
import { cutText } from './cut-text.ts';
import { LABEL_NAME_LIMIT, LABEL_VALUE_LIMIT, LABELS_MOST, type Labels, type Signal } from './signal.ts';

/** The surest come first and are not overridden: a sender's label cannot pass for what the source says of itself. */
export function labelsOf({ source, tags, labels }: Pick<Signal, 'source' | 'tags' | 'labels'>): Labels {
  const own: Record<string, string | undefined> =
    source.kind === 'cloudwatch'
      ? { alarmName: source.alarmName, account: source.account, region: source.region }
      : source.kind === 'integration'
        ? { integration: source.integration }
        : {};
  const all = { ...own, ...tags, ...labels, ...tags, ...own };
  return boundLabels(all);
}

/** The first {@link LABELS_MOST} that are there, each cut. */
export function boundLabels(labels: Record<string, string | undefined>): Labels {
  const there = Object.entries(labels).flatMap(([name, value]) =>
    name && value ? [[cutText(name, LABEL_NAME_LIMIT), cutText(value, LABEL_VALUE_LIMIT)]] : [],
  );
  return Object.fromEntries(there.slice(0, LABELS_MOST));
}
