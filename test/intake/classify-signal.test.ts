import { describe, expect, test } from 'vitest';
import { classifySignal } from '../../functions/intake/classify-signal.ts';
import { readSignal } from '../../functions/intake/read-signal.ts';
import type { ClassifiedSignal } from '../../functions/intake/signal.ts';
import type { Route } from '../../functions/operations/operations.ts';
import { alarmArn, alarmEvent } from '../support/cloudwatch-events.ts';
import { team } from '../support/sample-alert.ts';

const ARN = alarmArn({ alarmName: 'shop-cpu' });

function classify(
  routes: Route[],
  alarmTags?: Record<string, string>,
  alarmName = 'shop-cpu',
): ClassifiedSignal {
  const reading = readSignal(JSON.stringify(alarmEvent({ alarmName }, { alarmTags })));
  if (reading.kind !== 'signal') throw new Error(JSON.stringify(reading));
  return classifySignal(reading.signal, { ...team, routes });
}

describe('classifySignal', () => {
  test('without a route: critical, of no service, under its own key', () => {
    expect(classify([])).toMatchObject({ severity: 'critical', service: undefined, dedupKey: ARN });
  });

  test('no name of a metric or an alarm makes it less than critical', () => {
    expect(classify([], { severity: 'info' }, 'info-only-warning').severity).toBe('critical');
  });

  test('the first of two routes that match wins', () => {
    const routes: Route[] = [
      { match: { alarmName: 'search-*' }, severity: 'info' },
      { match: { alarmName: 'shop-*' }, service: 'checkout', severity: 'warning' },
      { match: {}, service: 'search', severity: 'info' },
    ];
    expect(classify(routes)).toMatchObject({ service: 'checkout', severity: 'warning' });
  });

  test('a route that names no severity leaves it critical', () => {
    expect(classify([{ match: {}, service: 'checkout' }])).toMatchObject({
      service: 'checkout',
      severity: 'critical',
    });
  });

  test.each<[string, Route['match'], boolean]>([
    ['nothing to match matches all', {}, true],
    ['the account', { account: '123456789012' }, true],
    ['another account', { account: '9*' }, false],
    ['the Region', { region: 'eu-*' }, true],
    ['another Region', { region: 'us-*' }, false],
    ['a tag', { tags: { team: 'sh?p' } }, true],
    ['a tag of another value', { tags: { team: 'search' } }, false],
    ['a tag that the alarm has not', { tags: { stage: '*' } }, false],
    ['a tag named like a member of Object.prototype', { tags: { constructor: '*' } }, false],
    ['all but one', { alarmName: 'shop-*', region: 'eu-*', account: '9*' }, false],
  ])('matching by %s', (_title, match, expected) => {
    const { severity } = classify([{ match, severity: 'info' }], { team: 'shop' });
    expect(severity).toBe(expected ? 'info' : 'critical');
  });

  test('a route for tags does not match an alarm without any', () => {
    expect(classify([{ match: { tags: { team: '*' } }, severity: 'info' }]).severity).toBe('critical');
  });

  test.each([
    ['{account}/{region}/{alarmName}', 'route:123456789012/eu-west-1/shop-cpu'],
    ['{service}-{tag:team}', 'route:checkout-shop'],
    ['{service}-{tag:stage}', 'route:checkout-'],
    ['all of it', 'route:all of it'],
    ['{unknown}', 'route:{unknown}'],
    ['{tag:stage}', ARN],
    [' ', ARN],
    ['', ARN],
    [undefined, ARN],
  ])('dedupKey %j gives %j', (dedupKey, expected) => {
    const route: Route = { match: {}, service: 'checkout', dedupKey };
    expect(classify([route], { team: 'shop' }).dedupKey).toBe(expected);
  });

  test('what a tag says is not filled in again', () => {
    const route: Route = { match: {}, dedupKey: '{tag:team}' };
    expect(classify([route], { team: '{account} $& $1' }).dedupKey).toBe('route:{account} $& $1');
  });

  test("a sender that fills a route's key with the own key of an alarm means another alert", () => {
    const route: Route = { match: { tags: { team: '*' } }, dedupKey: '{tag:team}' };
    const own = classify([route]).dedupKey;
    expect(own).toBe(ARN);
    expect(classify([route], { team: ARN }).dedupKey).not.toBe(own);
  });
});
