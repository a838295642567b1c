/** Structured logs: one JSON line each, with the function's request id. Every text in it is redacted. */
import { Logger } from '@aws-lambda-powertools/logger';
import { redact } from './redact.ts';

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'addContext'>;

export function openLog(serviceName: string): Logger {
  return new Logger({
    serviceName,
    logLevel: 'INFO',
    jsonReplacerFn: (_key, value: unknown) => (typeof value === 'string' ? redact(value) : value),
  });
}
