import { describe, expect, it } from 'vitest';
import { watchEscalations } from '../../local/watched-escalations.ts';

const MINUTE_MS = 60_000;

function watched() {
  const now = { minute: 100 };
  const escalations = watchEscalations(() => now.minute * MINUTE_MS);
  const quietAt = (minute: number): boolean => {
    now.minute = minute;
    return escalations.isQuiet();
  };
  return { escalations, quietAt };
}

const item = (pk: string, more: object = {}) => ({ pk: { S: pk }, ...more });

describe('watchEscalations', () => {
  it('is quiet when an audit has come 2 minutes after the last write of an alert or a line, so after 7 minutes', () => {
    const { escalations, quietAt } = watched();
    expect([quietAt(107), quietAt(107.1)]).toEqual([false, true]);
    for (const pk of ['alert#a', 'contact#ana#sms']) {
      escalations.onWrite(item(pk));
      expect(quietAt(107.2)).toBe(false);
    }
    expect(quietAt(114.3)).toBe(true);
    escalations.onWrite(item('tick'));
    expect(quietAt(114.4)).toBe(true);
  });

  it('is not quiet while an audit has something to go on with', () => {
    const { escalations, quietAt } = watched();
    const calm = { told: { L: [] }, failedPings: { N: '0' } };
    for (const left of [{ told: { L: [{}] } }, { cursor: {} }, { failedPings: { N: '1' } }]) {
      escalations.onWrite(item('escalation-audit', { ...calm, ...left }));
      expect(quietAt(200)).toBe(false);
      escalations.onWrite(item('escalation-audit', calm));
      expect(quietAt(200)).toBe(true);
    }
  });

  it('looks again after a deploy, and after an audit that failed', () => {
    const { escalations, quietAt } = watched();
    escalations.lookAgain(300 * MINUTE_MS);
    expect([quietAt(306), quietAt(308)]).toEqual([false, true]);
  });
});
