import { describe, expect, it } from 'vitest';
import { isAwsFault, kindOf, messageOf, OpsError } from '../../functions/shared/errors.ts';
import { isConditionFailed } from '../../functions/shared/table.store.ts';

describe('kindOf', () => {
  it('is the kind of an OpsError, and a bug for what nobody classified', () => {
    expect(kindOf(new OpsError('retry', 'later'))).toBe('retry');
    expect(kindOf(new TypeError('x is undefined'))).toBe('bug');
    expect(kindOf('text')).toBe('bug');
  });
});

describe('OpsError', () => {
  it('keeps its cause', () => {
    const cause = new Error('socket hang up');
    expect(new OpsError('retry', 'later', { cause }).cause).toBe(cause);
  });
});

describe('messageOf', () => {
  it('is a text whatever was thrown', () => {
    expect([new Error('broken'), 'broken', undefined].map(messageOf)).toEqual([
      'broken',
      'broken',
      'undefined',
    ]);
  });
});

describe('isAwsFault', () => {
  it('knows what AWS answered from what our own code threw', () => {
    expect(isAwsFault(Object.assign(new Error('throttled'), { $metadata: {} }))).toBe(true);
    expect(isAwsFault(new OpsError('bug', 'broken'))).toBe(false);
  });
});

describe('isConditionFailed', () => {
  it('is true for a refused condition and for no other fault', () => {
    const named = (name: string) => Object.assign(new Error(name), { name });
    expect(isConditionFailed(named('ConditionalCheckFailedException'))).toBe(true);
    expect(isConditionFailed(named('ProvisionedThroughputExceededException'))).toBe(false);
    expect(isConditionFailed('ConditionalCheckFailedException')).toBe(false);
  });
});
