/** An event source mapping: takes batches from a queue to a function, and deletes what it handled. */
import type { Clock, Order } from '../clock.ts';
import type { Invoke } from '../functions/functions.ts';
import { type MessageAttributes, md5, type Queue, type Received } from './queue.ts';

export type EventSource = {
  queue: Queue;
  functionName: string;
  batchSize: number;
  maximumConcurrency: number;
  reportsFailures: boolean;
  region: string;
};

type BatchResponse = { batchItemFailures?: { itemIdentifier: string }[] } | null | undefined;

export function connectEventSource(clock: Clock, source: EventSource, invoke: Invoke): void {
  const { queue } = source;
  const planned = new Set<Order>();
  let running = 0;

  const take = async (batch: Received[]): Promise<void> => {
    running += 1;
    const result = await invoke(source.functionName, { Records: batch.map((one) => record(one, source)) });
    running -= 1;
    if (result.kind === 'answered') {
      const failed = source.reportsFailures ? failures(result.payload as BatchResponse, batch) : [];
      for (const { id, receiptHandle } of batch) if (!failed.includes(id)) queue.delete(receiptHandle);
    }
    await poll();
  };
  const poll = async (): Promise<void> => {
    const taken: Promise<void>[] = [];
    while (running < source.maximumConcurrency) {
      const batch = queue.receive(source.batchSize);
      if (batch.length === 0) break;
      taken.push(take(batch));
    }
    await Promise.all(taken);
  };

  queue.consume((order) => {
    if (planned.has(order)) return;
    planned.add(order);
    clock.at(clock.nowMs(), order, () => {
      planned.delete(order);
      return poll();
    });
  });
}

/** An answer that names a message which was not in the batch fails the whole batch, as on AWS. */
function failures(response: BatchResponse, batch: readonly Received[]): string[] {
  const failed = (response?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  const ids = batch.map(({ id }) => id);
  return failed.every((id) => ids.includes(id)) ? failed : ids;
}

function record(message: Received, { queue, region }: EventSource) {
  return {
    messageId: message.id,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: String(message.sentMs),
      SenderId: 'AIDALOCAL',
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs),
    },
    messageAttributes: lowerCamel(message.attributes),
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: region,
  };
}

function lowerCamel(attributes: MessageAttributes) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue }]) => [
      name,
      { dataType: DataType, stringValue: StringValue, stringListValues: [], binaryListValues: [] },
    ]),
  );
}
