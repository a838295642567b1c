/** What every request has in common: its parameters are all known, and its options have values we answer. */
import { readMap } from './attribute-value.ts';
import { invalid, notSupported } from './refusal.ts';

export type Request = Record<string, unknown>;

/** Options that ask for nothing when they are `NONE`. */
const REPORTS = ['ReturnConsumedCapacity', 'ReturnItemCollectionMetrics'];

/** @throws Refusal that names the first parameter that is not among those answered */
export function readRequest(input: unknown, parameters: readonly string[]): Request {
  const request = readMap(input, 'the request');
  for (const [parameter, value] of Object.entries(request)) {
    if (REPORTS.includes(parameter) && value === 'NONE') continue;
    if (!parameters.includes(parameter)) throw notSupported(`${parameter} = ${JSON.stringify(value)}`);
  }
  return request;
}

/** The value of an option; the first choice is its default. */
export function readChoice<T extends string>(request: Request, parameter: string, choices: readonly T[]): T {
  const value = request[parameter] ?? choices[0];
  const choice = choices.find((known) => known === value);
  if (choice === undefined) throw invalid(`${parameter} can only be ${choices.join(' or ')}, not ${value}`);
  return choice;
}

export function readExpression<T>(
  request: Request,
  parameter: string,
  parse: (text: string, what: string) => T,
): T | undefined {
  const text = request[parameter];
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw invalid(`${parameter} must be text`);
  return parse(text, parameter);
}
