/** Where an alert came from, in words: the same on a page, in an email and in a terminal. */
import type { SignalSource } from '../intake/signal.ts';

const FORMATS = { pagerduty: 'PagerDuty events', alertmanager: 'Alertmanager' } as const;

/** False for an alert by hand or of another system: no alarm stands behind it that could fire again or be OK. */
export function isAlarm({ kind }: SignalSource): boolean {
  return kind === 'cloudwatch';
}

/** Terms and texts, as the sender wrote them. */
export function describeSource(source: SignalSource): [term: string, text: string][] {
  switch (source.kind) {
    case 'cloudwatch':
      return [
        ['Alarm', source.alarmName],
        ['Account', `${source.account} in ${source.region}`],
      ];
    case 'integration':
      return [
        ['Sender', `${source.integration} (${FORMATS[source.format]})`],
        ['Key', source.key],
        ...(source.url ? ([['Link', source.url]] satisfies [string, string][]) : []),
      ];
    case 'cli':
      return [['Sender', `${source.by.replace(/^cli:/, '')} (command line)`]];
    case 'tocsin':
      return [['Sender', 'Tocsin itself']];
  }
}
