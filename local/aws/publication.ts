/** What SNS takes as a publication, with the refusals that it gives at once. */
import { AwsError, type Input } from './call.ts';
import type { Publication } from './topics.ts';

const BODY_MOST_BYTES = 262_144;

/** Source: SNS API, Publish: up to 100 characters of printable ASCII, beginning with no white space. */
const SUBJECT = /^[\x21-\x7e][\x20-\x7e]{0,99}$/;

/** @throws AwsError for what SNS would refuse */
export function readPublication(input: Input): Publication {
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

export function invalid(what: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
}
