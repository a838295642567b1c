/** operations.json: written beside each bundle at synth, read once when a function loads. */
import { readFileSync } from 'node:fs';
import { OpsError } from '../shared/errors.ts';
import { reasonOf } from '../shared/redact.ts';
import type { Operations } from './operations.ts';

/** Bumped when the shape of `Operations` changes: a bundle and its file come from one synth. */
const FORMAT = 2;

/** The text of operations.json. */
export function serializeOperations(operations: Operations): string {
  return `${JSON.stringify({ format: FORMAT, ...operations }, null, 2)}\n`;
}

/**
 * Reads operations.json. It was checked at synth and is not checked again.
 * @throws OpsError `bug` when it is missing, is not JSON, or has another format
 */
export function loadOperations(url: URL): Operations {
  const { format, ...operations } = readJson(url);
  if (format !== FORMAT)
    throw new OpsError('bug', `${url.href} has format ${format}, not ${FORMAT}: synthesise and deploy again`);
  return operations as Operations;
}

function readJson(url: URL): { format?: unknown } {
  try {
    return Object(JSON.parse(readFileSync(url, 'utf8')));
  } catch (cause) {
    // JSON.parse quotes what it could not read: without the cause, whose text nobody redacts.
    throw new OpsError('bug', `${url.href} cannot be read: ${reasonOf(cause)}`);
  }
}
