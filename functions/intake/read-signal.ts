/** Decides which format a message of the intake queue is in, and reads it. */
import { readCloudWatchEvent } from './cloudwatch-event.ts';
import { readCloudWatchSns } from './cloudwatch-sns.ts';
import { readOwnMessage } from './own-signal.ts';
import { ignored, type Reading, rejected, show } from './reading.ts';

type Fields = Record<string, unknown>;

/** @param body  as SQS delivers it: an EventBridge event, an SNS message, in its envelope or raw, or a message of our own */
export function readSignal(body: string): Reading {
  const fields = parseFields(body);
  if (!fields) return rejected(show(body), 'not a JSON object');
  if (Object.hasOwn(fields, 'tocsin')) return readOwnMessage(fields);
  return isSnsEnvelope(fields) ? readEnvelope(fields) : readFields(fields);
}

function readFields(fields: Fields): Reading {
  if (Object.hasOwn(fields, 'detail-type')) return readCloudWatchEvent(fields);
  if (Object.hasOwn(fields, 'NewStateValue')) return readCloudWatchSns(fields);
  return rejected(show(fields), 'neither an EventBridge event nor an alarm published by SNS');
}

function isSnsEnvelope(fields: Fields): boolean {
  return typeof fields.Type === 'string' && Object.hasOwn(fields, 'TopicArn');
}

/** The message may itself be an event: a rule can have a topic as its target. */
function readEnvelope({ Type, TopicArn, Message }: Fields): Reading {
  const topic = `SNS topic ${show(TopicArn)}`;
  if (Type === 'SubscriptionConfirmation' || Type === 'UnsubscribeConfirmation') {
    return ignored(`a ${Type} of ${topic}: confirm it by hand if it is wanted`);
  }
  if (Type !== 'Notification')
    return rejected(topic, `Type is ${show(Type)}, not one that SNS is known to send`);
  if (typeof Message !== 'string') return rejected(topic, `Message is ${show(Message)}, not of type string`);
  const fields = parseFields(Message);
  return fields ? readFields(fields) : rejected(topic, `Message is ${show(Message)}, not a JSON object`);
}

function parseFields(text: string): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}
