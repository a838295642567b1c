import { describe, expect, it } from 'vitest';
import type { Task } from '../../../local/clock.ts';
import { openAlertmanager } from './alertmanager.ts';
import type { Letter, SenderEvent } from './letter.ts';

/** Tells the events, each instant of them for itself. @returns what is sent, and `done` of the last letter */
function telling() {
  let nowMs = 0;
  let due: { atMs: number; task: Task }[] = [];
  let done: (isTaken: boolean) => void | Promise<void> = () => undefined;
  const letters: Letter[] = [];
  const { tell } = openAlertmanager(
    'grafana',
    { nowMs: () => nowMs, at: (atMs, task) => void due.push({ atMs, task }) },
    async (letter, whenDone) => {
      letters.push(letter);
      done = whenDone;
    },
  );
  return {
    letters,
    finish: (isTaken = true) => done(isTaken),
    async at(ms: number, ...events: Partial<SenderEvent>[]) {
      nowMs = ms;
      for (const event of events)
        tell({ at: ms, kind: 'event', sender: 'grafana', action: 'trigger', key: 'api', ...event });
      const tasks = due.filter(({ atMs }) => atMs <= ms);
      due = due.filter(({ atMs }) => atMs > ms);
      for (const { task } of tasks) await task();
    },
  };
}

const alertsOf = (letter: Letter | undefined) =>
  JSON.parse(letter!.request('key').body).alerts as { fingerprint: string; [name: string]: unknown }[];

describe('openAlertmanager', () => {
  it('ends an alert whose severity rises and begins another, in one webhook', async () => {
    const story = telling();
    await story.at(0, { severity: 'warning' });
    await story.finish();
    await story.at(60_000, { severity: 'critical' });
    expect(alertsOf(story.letters[1])).toMatchObject([
      { status: 'resolved', labels: { severity: 'warning' }, startsAt: '1970-01-01T00:00:00.000Z' },
      { status: 'firing', labels: { severity: 'critical' }, startsAt: '1970-01-01T00:01:00.000Z' },
    ]);
    const [first] = alertsOf(story.letters[0]);
    const [ended, begun] = alertsOf(story.letters[1]);
    expect(ended!.fingerprint).toBe(first!.fingerprint);
    expect(begun!.fingerprint).not.toBe(first!.fingerprint);
    expect(story.letters[1]!.signals).toEqual([
      { name: `grafana/${ended!.fingerprint}`, state: 'ok', saidAt: 60_000 },
      { name: `grafana/${begun!.fingerprint}`, state: 'alarm', saidAt: 60_000 },
    ]);
  });

  it('resolves with the labels that it fired with, and repeats what fires with its beginning', async () => {
    const story = telling();
    await story.at(0, { severity: 'info', class: 'page' });
    await story.finish();
    await story.at(60_000, { severity: 'info', class: 'page' });
    await story.finish();
    await story.at(120_000, { action: 'resolve' });
    const [fired, again, ended] = story.letters.map((letter) => alertsOf(letter)[0]!);
    expect(again).toEqual(fired);
    expect(ended).toEqual({ ...fired, status: 'resolved', endsAt: '1970-01-01T00:02:00.000Z' });
  });

  it('says in one webhook what changes at one instant, and nothing of what does not fire', async () => {
    const story = telling();
    await story.at(0, { key: 'api' }, { key: 'disk' }, { key: 'mail', action: 'resolve' });
    expect(alertsOf(story.letters[0]).map(({ labels }) => labels)).toMatchObject([
      { alertname: 'api' },
      { alertname: 'disk' },
    ]);
    await story.at(1, { key: 'mail', action: 'resolve' }, { key: 'api', action: 'acknowledge' });
    expect(story.letters).toHaveLength(1);
  });

  it('waits with the next webhook until one is taken or refused', async () => {
    const story = telling();
    await story.at(0, {});
    await story.at(1_000, { action: 'resolve' });
    expect(story.letters).toHaveLength(1);
    await story.finish();
    expect(story.letters).toHaveLength(2);
  });

  it('tells what was refused for good five minutes later, as it stands then', async () => {
    const story = telling();
    await story.at(0, { key: 'api' }, { key: 'disk' });
    await story.finish(false);
    await story.at(60_000, { key: 'disk', action: 'resolve' });
    await story.finish();
    await story.at(299_999);
    expect(story.letters).toHaveLength(2);
    await story.at(300_000);
    expect(alertsOf(story.letters[2])).toEqual([alertsOf(story.letters[0])[0]]);
  });

  it('does not tell what was refused when something newer about it waits already', async () => {
    const story = telling();
    await story.at(0, {});
    await story.at(1_000, { action: 'resolve' });
    await story.finish(false);
    await story.finish();
    await story.at(400_000);
    expect(story.letters.map(({ signals }) => signals[0]!.state)).toEqual(['alarm', 'ok']);
  });
});
