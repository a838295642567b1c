/** Delivery reports on the due queue: there one that fails comes back until it is taken. Lambda would try it three times. */
import type { SQSClient } from '@aws-sdk/client-sqs';
import { sendAll } from '../shared/due-queue.ts';
import type { DeliveryReport } from './delivery-report.ts';

/** Until whoever sent the message has noted which pages it was. */
const NOTED_AFTER_S = 5;

export type DeliveryReportQueue = {
  /** @throws OpsError `retry` when SQS took not all: hand them over again, taking one twice changes nothing */
  handOver(reports: readonly DeliveryReport[]): Promise<void>;
};

export function deliveryReportQueue(client: SQSClient, queueUrl: string): DeliveryReportQueue {
  return {
    handOver: (reports) =>
      sendAll(
        client,
        queueUrl,
        reports.map((report) => ({
          MessageBody: JSON.stringify({ report }),
          DelaySeconds: NOTED_AFTER_S,
        })),
      ),
  };
}

/**
 * @param message  a message of the due queue, parsed
 * @returns undefined for any other: a row that is due
 */
export function reportOf(message: unknown): DeliveryReport | undefined {
  const { report } = Object(message) as { report?: unknown };
  const { messageId, reason, lasting } = Object(report) as Record<string, unknown>;
  if (typeof messageId !== 'string' || typeof reason !== 'string') return undefined;
  return { messageId, reason, lasting: lasting === true };
}
