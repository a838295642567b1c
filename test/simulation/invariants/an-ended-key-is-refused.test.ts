import { expect, it } from 'vitest';
import { anEndedKeyIsRefused } from './an-ended-key-is-refused.ts';
import { aRun, minute } from './build-run.ts';

it('anEndedKeyIsRefused finds what was taken with a key that had ended, and not what was refused', () => {
  const run = aRun((story) => void story.signal(0, 'alarm'));
  const key = { goodUntil: minute(29), endedFrom: minute(30) };
  const sent = (at: number, status: number) => {
    const request = { sender: 'grafana', key, firstAt: minute(at), at: minute(at), answeredAt: minute(at) };
    return anEndedKeyIsRefused({ ...run, requests: [{ ...request, status }] }).map(({ what }) => what);
  };
  expect(sent(30, 202)).toEqual([
    'grafana was answered 202 at 2026-03-02T03:30:00Z, with a key that had ended by 2026-03-02T03:30:00Z',
  ]);
  expect([...sent(29.5, 202), ...sent(30, 401), ...sent(31, 503)]).toEqual([]);
});
