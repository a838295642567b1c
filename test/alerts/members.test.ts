import { describe, expect, it } from 'vitest';
import type { Alert } from '../../functions/alerts/alert.ts';
import { hear, hearQuiet, isStale, memberOf, othersFire } from '../../functions/alerts/members.ts';
import type { ClassifiedSignal, SignalSource, SignalState } from '../../functions/intake/signal.ts';
import { sampleAlert } from '../support/sample-alert.ts';

const source = { kind: 'integration', integration: 'grafana', format: 'alertmanager', key: 'cpu' } as const;
const MEMBER = 'grafana cpu';

function signal(changes: Partial<ClassifiedSignal> = {}): ClassifiedSignal {
  return {
    dedupKey: 'cpu',
    source,
    state: 'alarm',
    at: 100,
    detail: { title: 'cpu' },
    severity: 'critical',
    ...changes,
  };
}

const alertWith = (members: Alert['members'], more: Partial<Alert> = {}): Alert =>
  sampleAlert({ source, members, lastSignalAt: 100, ...more });

describe('memberOf', () => {
  const arn = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:cpu';
  const alarm = {
    kind: 'cloudwatch',
    account: '123456789012',
    region: 'eu-west-1',
    alarmName: 'cpu',
    alarmArn: arn,
  } as const;

  it.each<[string, SignalSource]>([
    [arn, alarm],
    [`${arn} i-1`, { ...alarm, contributor: 'i-1' }],
    ['grafana cpu', source],
    ['cli cpu', { kind: 'cli', key: 'cpu', by: 'cli:ana' }],
    ['tocsin cpu', { kind: 'tocsin', key: 'cpu' }],
  ])('is %s', (member, from) => expect(memberOf({ source: from })).toBe(member));
});

describe('isStale', () => {
  const stale = (
    last: { state: SignalState; at: number; heardAt?: number },
    { state, at, heardAt }: { state: SignalState; at: number; heardAt?: number },
  ) =>
    isStale(alertWith({ [MEMBER]: last }), signal({ state, at, ...(heardAt !== undefined && { heardAt }) }));

  it('is false for who has said nothing so far, whatever others said', () =>
    expect(isStale(alertWith({ 'grafana disk': { state: 'alarm', at: 500 } }), signal())).toBe(false));

  it.each<[SignalState, number, SignalState, number, boolean]>([
    ['alarm', 100, 'ok', 99, true],
    ['alarm', 100, 'ok', 101, false],
    ['alarm', 100, 'ok', 100, true],
    ['ok', 100, 'alarm', 100, false],
    ['alarm', 100, 'alarm', 100, true],
    ['ok', 100, 'ok', 100, true],
    ['ok', 100, 'deleted', 100, true],
    ['ok', 100, 'alarm', 99, true],
  ])('after %s of %d, %s of %d: %s', (before, then, state, at, expected) =>
    expect(stale({ state: before, at: then }, { state, at })).toBe(expected),
  );

  it.each<[string, SignalState, number, number, SignalState, number, number, boolean]>([
    ['an ALARM as of its old beginning, heard after the OK, counts', 'ok', 200, 10, 'alarm', 100, 20, false],
    ['the same heard before that OK does not', 'ok', 200, 10, 'alarm', 100, 9, true],
    ['an ALARM said once more does not', 'alarm', 100, 10, 'alarm', 100, 20, true],
    ['an older ALARM after an ALARM does not', 'alarm', 100, 10, 'alarm', 99, 20, true],
    ['a newer ALARM after an ALARM counts', 'alarm', 100, 10, 'alarm', 101, 20, false],
    ['heard at one moment, what is older does not', 'ok', 200, 10, 'alarm', 100, 10, true],
    ['heard at one moment, an ALARM of the same instant counts', 'ok', 100, 10, 'alarm', 100, 10, false],
  ])('%s', (_, before, then, heardThen, state, at, heardAt, expected) =>
    expect(stale({ state: before, at: then, heardAt: heardThen }, { state, at, heardAt })).toBe(expected),
  );

  it('goes by what is said where one of the two does not tell when it was heard', () => {
    expect(stale({ state: 'ok', at: 200 }, { state: 'alarm', at: 100, heardAt: 20 })).toBe(true);
    expect(stale({ state: 'ok', at: 200, heardAt: 10 }, { state: 'alarm', at: 100 })).toBe(true);
  });
});

describe('hear', () => {
  it('keeps what was said, the newest moment of any member, and that one of them fires', () => {
    const draft = alertWith({ 'grafana disk': { state: 'alarm', at: 300 } }, { lastSignalAt: 300 });
    hear(draft, signal({ state: 'ok', at: 200, heardAt: 7 }));
    expect(draft).toMatchObject({ lastSignalAt: 300, lastSignalState: 'alarm' });
    expect(draft.members[MEMBER]).toEqual({ state: 'ok', at: 200, heardAt: 7 });
  });

  it('takes the state of who spoke last when nobody fires', () => {
    const draft = alertWith({ 'grafana disk': { state: 'ok', at: 50 } });
    hear(draft, signal({ state: 'deleted', at: 200 }));
    expect(draft).toMatchObject({ lastSignalAt: 200, lastSignalState: 'deleted' });
  });

  it('of 51 forgets the one that has been quiet for longest, in whatever order they came; never one that fires', () => {
    const members = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`m${n}`, { state: n === 0 ? 'alarm' : 'ok', at: n } as const]),
    );
    const draft = alertWith({ ...members, m20: { state: 'ok', at: 0.5 } });
    hear(draft, signal({ at: 200 }));
    expect(Object.keys(draft.members)).toHaveLength(50);
    expect(draft.members).toHaveProperty('m0');
    expect(draft.members).toHaveProperty('m1');
    expect(draft.members).not.toHaveProperty('m20');
  });

  it('of 50 forgets nobody', () => {
    const members = Object.fromEntries(
      Array.from({ length: 49 }, (_, n) => [`m${n}`, { state: 'ok', at: n } as const]),
    );
    const draft = alertWith(members);
    hear(draft, signal({ at: 200 }));
    expect(Object.keys(draft.members)).toHaveLength(50);
  });
});

describe('hearQuiet', () => {
  it('notes it 1 ms after what the alarm itself said, so that the same said again is stale', () => {
    const draft = alertWith({ [MEMBER]: { state: 'alarm', at: 70 } });
    hearQuiet(draft, 'ok');
    expect(draft.members[MEMBER]).toEqual({ state: 'ok', at: 71 });
    expect(draft.lastSignalState).toBe('ok');
  });

  it('of an alarm that the alert has forgotten goes by the latest signal', () => {
    const draft = alertWith({});
    hearQuiet(draft, 'deleted');
    expect(draft.members[MEMBER]).toEqual({ state: 'deleted', at: 101 });
  });

  it('leaves the alert firing while another alarm does', () => {
    const draft = alertWith({ [MEMBER]: { state: 'alarm', at: 70 }, other: { state: 'alarm', at: 60 } });
    hearQuiet(draft, 'ok');
    expect(draft.lastSignalState).toBe('alarm');
    expect(othersFire(draft)).toBe(true);
  });
});
