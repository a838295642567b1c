import { describe, expect, it } from 'vitest';
import type { GivenAnswer, Hit, SenderRequest } from '../run.ts';
import { aRun, hitAt, MINUTE_MS, minute } from './build-run.ts';
import { nobodyIsTurnedAway } from './nobody-is-turned-away.ts';

const unanswered = aRun((story) => void story.signal(0, 'alarm'));
const key = { goodUntil: minute(30), endedFrom: minute(30) };

const found = (more: Partial<typeof unanswered>) =>
  nobodyIsTurnedAway({ ...unanswered, ...more }).map(({ what }) => what);

function sent(status: number, more: Partial<SenderRequest> = {}, hits: Hit[] = []): string[] {
  const [at, firstAt] = [minute(5), minute(4)];
  return found({
    requests: [{ sender: 'grafana', key, firstAt, at, answeredAt: at, status, ...more }],
    hits,
  });
}

function pressed(status: number, more: Partial<GivenAnswer> = {}, others: Partial<typeof unanswered> = {}) {
  const at = minute(5);
  const answer = { pressedAt: at, at, by: 'ana', action: 'acknowledge', alerts: ['alert-1'], status };
  return found({ ...others, answers: [{ ...answer, ...more }] });
}

describe('nobodyIsTurnedAway', () => {
  it('holds where senders are taken and people answered', () => {
    expect([...sent(200), ...sent(202), ...pressed(303)]).toEqual([]);
  });

  it('finds a sender that is told to come again although nothing has failed', () => {
    expect(sent(503)).toEqual([
      'grafana was answered 503 at 2026-03-02T03:05:00Z (of what it first sent at 2026-03-02T03:04:00Z), although its key was good and no fault explains it',
    ]);
    const atWebhook = hitAt(5, 'fail-before', { function: 'tocsin-webhook' });
    expect(sent(503, {}, [atWebhook])).toEqual([]);
    expect(sent(503, {}, [hitAt(5, 'fail-before')])).toHaveLength(1);
    expect(sent(503, {}, [{ ...atWebhook, at: minute(4) }])).toHaveLength(1);
  });

  it('finds a sender that is told that it is wrong, whatever has failed', () => {
    const atWebhook = hitAt(5, 'fail-before', { function: 'tocsin-webhook' });
    for (const status of [400, 401, 429]) expect(sent(status, {}, [atWebhook])).toHaveLength(1);
  });

  it('wants nothing for a key that may have ended', () => {
    expect(sent(401, { at: minute(29), answeredAt: minute(30) })).toEqual([]);
    expect(sent(401, { at: minute(29), answeredAt: minute(29) })).toHaveLength(1);
  });

  it('finds a press behind a link that is not answered, unless a fault met it', () => {
    expect(pressed(404)).toEqual([
      'ana pressed acknowledge behind a link that was sent to them, and was answered 404 at 2026-03-02T03:05:00Z; no fault explains it',
    ]);
    const hits = [hitAt(5, 'crash-before', { function: 'tocsin-answer' })];
    expect(pressed(503)).toHaveLength(1);
    expect(pressed(503, {}, { hits })).toEqual([]);
    expect(pressed(404, {}, { hits })).toHaveLength(1);
  });

  it('takes 503 while newer code takes over, and 400 for what a storm’s link cannot do', () => {
    const deploy = { at: 4 * MINUTE_MS, kind: 'deploy', team: 'newer', overlapMs: 2 * MINUTE_MS } as const;
    const story = { ...unanswered.story, events: [deploy] };
    expect(pressed(503, {}, { story })).toEqual([]);
    expect(pressed(400, { action: 'resolve', isStorm: true })).toEqual([]);
    expect(pressed(400, { isStorm: true })).toHaveLength(1);
    expect(pressed(400, { action: 'resolve' })).toHaveLength(1);
  });

  it('leaves the command line to itself', () => {
    expect(pressed(400, { by: 'operator' })).toEqual([]);
  });
});
