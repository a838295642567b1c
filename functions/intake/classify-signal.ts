/** Says whose a signal is and how urgent, by the routes of operations.ts. */
import type { Operations, Route } from '../operations/operations.ts';
import { cutText } from './cut-text.ts';
import { matchesGlob } from './glob.ts';
import { labelsOf } from './labels.ts';
import type { ClassifiedSignal, Signal } from './signal.ts';

/** What routes look at. An acknowledgement has it too, and so finds its alert by the same routes. */
type Routed = Pick<Signal, 'dedupKey' | 'source' | 'labels' | 'tags'>;

/** Of what nobody classified, nobody knows that it can wait. */
const DEFAULT_SEVERITY = 'critical';

const PLACEHOLDER = /\{(account|region|alarmName|integration|service|tag:[^{}]+|label:[^{}]+)\}/g;

/**
 * The first route that matches wins. Nothing is classified by what its metric is called.
 * @returns the signal with the route's service, severity and dedup key; without a route: critical, of no service
 */
export function classifySignal(signal: Signal, operations: Operations): ClassifiedSignal {
  const route = routeOf(signal, operations);
  return {
    ...signal,
    dedupKey: keyBy(route, signal),
    severity: route?.severity ?? signal.severity ?? DEFAULT_SEVERITY,
    service: route?.service ?? declared(signal.service, operations),
  };
}

/** The dedup key under which the alert is kept that this speaks of. */
export function routedKey(said: Routed, operations: Operations): string {
  return keyBy(routeOf(said, operations), said);
}

function routeOf(said: Routed, operations: Operations): Route | undefined {
  return operations.routes.find(({ match }) => matches(match, said));
}

/** A key by a route is like no sender's own: whoever may fill it in cannot mean the alert of somebody else. */
function keyBy(route: Route | undefined, said: Routed): string {
  const filled = fillTemplate(route, said);
  return filled === '' ? said.dedupKey : `route:${filled}`;
}

function matches(
  { alarmName, account, region, integration, tags = {}, labels = {} }: Route['match'],
  signal: Routed,
): boolean {
  const known = sourceFacts(signal);
  const said = labelsOf(signal);
  const wanted: [pattern: string | undefined, text: string | undefined][] = [
    [alarmName, known.alarmName],
    [account, known.account],
    [region, known.region],
    [integration, known.integration],
    ...Object.entries(labels).map(([name, pattern]): [string, string | undefined] => [
      pattern,
      ownValue(said, name),
    ]),
    ...Object.entries(tags).map(([name, pattern]): [string, string | undefined] => [
      pattern,
      ownValue(signal.tags, name),
    ]),
  ];
  return wanted.every(
    ([pattern, text]) => pattern === undefined || (text !== undefined && matchesGlob(pattern, text)),
  );
}

/** A sender may name a service; one that operations.ts does not have is no service. */
function declared(service: string | undefined, operations: Operations): string | undefined {
  return service !== undefined && Object.hasOwn(operations.services, service) ? service : undefined;
}

/** @returns '' when there is no template, or nothing to fill it with */
function fillTemplate(route: Route | undefined, signal: Routed): string {
  const facts = sourceFacts(signal);
  const fill = (_: string, name: string): string => {
    if (name === 'service') return route?.service ?? '';
    if (name.startsWith('tag:')) return ownValue(signal.tags, name.slice('tag:'.length)) ?? '';
    if (name.startsWith('label:')) return ownValue(labelsOf(signal), name.slice('label:'.length)) ?? '';
    return ownValue(facts, name) ?? '';
  };
  return cutText((route?.dedupKey ?? '').replace(PLACEHOLDER, fill).trim());
}

/** What a route may name of the source; what this kind of source has not is not there, and so does not match. */
function sourceFacts({ source }: Pick<Signal, 'source'>): Record<string, string> {
  if (source.kind === 'cloudwatch') {
    const { alarmName, account, region } = source;
    return { alarmName, account, region };
  }
  return source.kind === 'integration' ? { integration: source.integration } : {};
}

function ownValue(record: Record<string, string> = {}, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
