/** Structured logs: one JSON line each, with the function's request id. No address, number or token goes in. */
import { Logger } from '@aws-lambda-powertools/logger';

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'addContext'>;

export function openLog(serviceName: string): Logger {
  return new Logger({ serviceName, logLevel: 'INFO' });
}
