/** How DynamoDB says no: an error type and a message, as its protocol writes them. */
import type { Item } from './attribute-value.ts';

const TYPES = {
  ValidationException: 'com.amazon.coral.validate#ValidationException',
  ConditionalCheckFailedException: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
  ResourceNotFoundException: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
  ResourceInUseException: 'com.amazonaws.dynamodb.v20120810#ResourceInUseException',
  /** ours: AWS would answer, this table does not */
  NotSupported: 'tocsin.local#NotSupported',
} as const;

/** Thrown inside the table, answered with status 400 at its edge. */
export class Refusal extends Error {
  readonly type: string;
  readonly item: Item | undefined;

  constructor(type: keyof typeof TYPES, message: string, item?: Item) {
    super(message);
    this.type = TYPES[type];
    this.item = item;
  }
}

export function invalid(message: string): Refusal {
  return new Refusal('ValidationException', message);
}

/** @param what the parameter, option or operation that this table does not answer */
export function notSupported(what: string): Refusal {
  return new Refusal('NotSupported', `the in-memory table does not answer ${what}`);
}
