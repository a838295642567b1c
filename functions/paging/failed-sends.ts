/** Counts the messages that did not get out: one metric, whichever function was to send them. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_NAMESPACE } from '../tick/contract.ts';
import { FAILED_SENDS_METRIC } from './contract.ts';

/** @param functionName  `tocsin-page`; without its last word it is the installation's prefix, which is the dimension */
export function failedSends(functionName: string | undefined): () => void {
  const prefix = functionName?.replace(/-[^-]*$/, '') || 'tocsin';
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: prefix });
  return () => {
    metrics.addMetric(FAILED_SENDS_METRIC, MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  };
}
