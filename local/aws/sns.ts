/** SNS: Publish, with the refusals that the real one gives at once. */
import { AwsError, type Input } from './call.ts';
import type { Service } from './service.ts';
import type { Publication, Topics } from './topics.ts';

const BODY_MOST_BYTES = 262_144;

/** Source: SNS API, Publish: up to 100 characters of printable ASCII, beginning with no white space. */
const SUBJECT = /^[\x21-\x7e][\x20-\x7e]{0,99}$/;
const E164 = /^\+[1-9]\d{6,14}$/;

export function sns(topics: Topics): Service {
  return {
    grants(action, input) {
      if (action !== 'Publish') return undefined;
      /** A phone number has no ARN: only `*` or a NotResource lets it pass. */
      return [
        {
          action: 'sns:Publish',
          resource: String(input.TopicArn ?? input.TargetArn ?? input.PhoneNumber ?? ''),
        },
      ];
    },
    handle({ input }) {
      const publication = read(input);
      if (input.PhoneNumber !== undefined) {
        const phoneNumber = String(input.PhoneNumber);
        if (!E164.test(phoneNumber))
          throw invalid(`PhoneNumber Reason: ${phoneNumber} is not valid to publish to`);
        return { MessageId: topics.publishToNumber(phoneNumber, publication) };
      }
      const arn = String(input.TopicArn ?? input.TargetArn ?? '');
      if (!arn.startsWith('arn:'))
        throw invalid('TopicArn or PhoneNumber Reason: no value for required parameter');
      const topic = topics.find(arn);
      if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
      return { MessageId: topics.publish(topic, publication) };
    },
  };
}

function read(input: Input): Publication {
  const body = String(input.Message ?? '');
  const subject = input.Subject === undefined ? undefined : String(input.Subject);
  if (body === '') throw invalid('Empty message');
  if (Buffer.byteLength(body) > BODY_MOST_BYTES) throw invalid('Message too long');
  if (subject !== undefined && !SUBJECT.test(subject)) throw invalid('Subject');
  return {
    ...bodies(body, input.MessageStructure),
    subject,
    attributes: messageAttributes(input.MessageAttributes),
  };
}

/** With `json`, each protocol may have a text of its own. Source: SNS API, Publish, MessageStructure */
function bodies(message: string, structure: unknown): Pick<Publication, 'body' | 'bodyOf'> {
  if (structure === undefined) return { body: message };
  if (structure !== 'json') throw invalid(`MessageStructure ${structure}`);
  const bodyOf = readJsonObject(message);
  if (typeof bodyOf?.default !== 'string')
    throw invalid('Message Structure - No default entry in JSON message body');
  return { body: bodyOf.default, bodyOf };
}

function readJsonObject(text: string): Record<string, string> | undefined {
  try {
    return Object(JSON.parse(text)) as Record<string, string>;
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
}

function messageAttributes(entries: unknown): NonNullable<Publication['attributes']> {
  const attributes: NonNullable<Publication['attributes']> = {};
  for (const { Name, Value } of Object.values(
    (entries ?? {}) as Record<string, { Name: string; Value: Input }>,
  )) {
    attributes[Name] = { DataType: String(Value.DataType), StringValue: String(Value.StringValue) };
  }
  return attributes;
}

function invalid(what: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
}
