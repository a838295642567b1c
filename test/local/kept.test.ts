import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlarmChange } from '../../local/aws/alarms.ts';
import type { DeliveredMessage } from '../../local/aws/topics.ts';
import type { Task } from '../../local/clock.ts';
import { openInbox } from '../../local/console/inbox.ts';
import { openDataFolder } from '../../local/data-folder.ts';
import { forgotten, type Kept, openKeptState } from '../../local/kept-state.ts';
import { playStory, type Story, type StoryProgress } from '../../local/story.ts';
import type { World } from '../../local/world.ts';

const START_MS = Date.UTC(2026, 0, 5, 3);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('openKeptState', () => {
  it('gives the next world what each part saved last, written within 100 ms', async () => {
    const file = join(folder, 'account.json');
    const state = openKeptState(file);
    const sms = state.part<{ spentUsd: number }>('sms');
    expect(sms.before).toBeUndefined();
    sms.save({ spentUsd: 1 });
    sms.save({ spentUsd: 2 });
    state.part('alarms').save(['cpu']);
    await new Promise((written) => setTimeout(written, 200));
    const next = openKeptState(file);
    expect(next.part('sms').before).toEqual({ spentUsd: 2 });
    expect(next.part('alarms').before).toEqual(['cpu']);
  });

  it('writes at once what is flushed', () => {
    const state = openKeptState(join(folder, 'account.json'));
    state.part('sms').save(1);
    state.flush();
    expect(openKeptState(join(folder, 'account.json')).part('sms').before).toBe(1);
  });

  it('says what to do with a corrupt file', () => {
    writeFileSync(join(folder, 'account.json'), '{"sms":');
    expect(() => openKeptState(join(folder, 'account.json'))).toThrow(
      'is corrupt: move it away or delete it',
    );
  });
});

describe('openDataFolder', () => {
  it('keeps the time, and knows of none before the first world', () => {
    expect(openDataFolder(folder).savedTimeMs()).toBeUndefined();
    openDataFolder(folder).saveTime(START_MS);
    expect(openDataFolder(folder).savedTimeMs()).toBe(START_MS);
  });
});

describe('openInbox', () => {
  const message = (body: string): DeliveredMessage => ({
    at: START_MS,
    channel: 'sms',
    to: '+12025550101',
    body,
    delivered: true,
  });
  const bodies = (messages: readonly DeliveredMessage[]) => messages.map(({ body }) => body);

  it('numbers 3 messages from 1, over a restart, and passes over the line that a kill cut short', () => {
    const file = join(folder, 'inbox.jsonl');
    const first = openInbox(file);
    first.add(message('one'));
    first.add(message('two'));
    appendFileSync(file, '{"at":17');
    openInbox(file).add(message('three'));
    const inbox = openInbox(file);
    expect(inbox.count()).toBe(3);
    expect(bodies(inbox.latest(2))).toEqual(['three', 'two']);
    expect(inbox.since(1).map(({ number, body }) => [number, body])).toEqual([
      [2, 'two'],
      [3, 'three'],
    ]);
    expect(inbox.byNumber(3)?.body).toBe('three');
    expect(inbox.byNumber(4)).toBeUndefined();
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(5);
  });
});

describe('playStory', () => {
  const change = (alarmName: string): AlarmChange => ({ alarmName, state: 'ALARM', reason: 'r' });
  const story: Story = {
    name: 'test',
    events: [
      { afterMs: 1_000, change: change('first') },
      { afterMs: 60_000, change: change('second') },
    ],
  };
  /** A world that only plans and hears. */
  const worldAt = (nowMs: number) => {
    const planned: { atMs: number; task: Task }[] = [];
    const heard: string[] = [];
    const world = {
      nowMs: () => nowMs,
      at: (atMs: number, task: Task) => void planned.push({ atMs, task }),
      putAlarmState: ({ alarmName }: AlarmChange) => void heard.push(alarmName),
    } as unknown as World;
    return { world, planned, heard };
  };
  const remembering = () => {
    let saved: StoryProgress | undefined;
    return (): Kept<StoryProgress> => ({
      before: saved,
      save(value) {
        saved = { ...value };
      },
    });
  };

  it('plays each change once, though the world is started three times', async () => {
    const kept = remembering();
    const first = worldAt(START_MS);
    playStory(first.world, story, kept());
    expect(first.planned.map(({ atMs }) => atMs - START_MS)).toEqual([1_000, 60_000]);
    await first.planned[0]!.task();

    const second = worldAt(START_MS + 120_000);
    playStory(second.world, story, kept());
    expect(second.planned.map(({ atMs }) => atMs - START_MS)).toEqual([60_000]);
    await second.planned[0]!.task();
    expect([...first.heard, ...second.heard]).toEqual(['first', 'second']);

    const third = worldAt(START_MS + 240_000);
    playStory(third.world, story, kept());
    expect(third.planned).toEqual([]);
  });

  it('plays another story from its beginning', () => {
    const kept = remembering();
    playStory(worldAt(START_MS).world, story, kept());
    const { world, planned } = worldAt(START_MS + 5_000);
    playStory(world, { ...story, name: 'another' }, kept());
    expect(planned.map(({ atMs }) => atMs - START_MS)).toEqual([6_000, 65_000]);
  });

  it('is played anew where nothing is kept', () => {
    for (const nowMs of [START_MS, START_MS + 1]) {
      const { world, planned } = worldAt(nowMs);
      playStory(world, story, forgotten());
      expect(planned).toHaveLength(2);
    }
  });
});

describe('the time that a data folder keeps', () => {
  it('is none before the first world, and the last that was saved after it', () => {
    const files = openDataFolder(folder);
    expect(files.savedTimeMs()).toBeUndefined();
    files.saveTime(START_MS);
    files.saveTime(START_MS + 1);
    expect(openDataFolder(folder).savedTimeMs()).toBe(START_MS + 1);
  });

  it.each([
    '',
    '{"nowMs":"late"}',
    'null',
    '{"nowMs":1e300}',
    '{"nowMs":true}',
    '{"nowMs":-5}',
    '{"nowMs":"5"}',
  ])('that cannot be read says what to do: %j', (text) => {
    writeFileSync(join(folder, 'clock.json'), text);
    expect(() => openDataFolder(folder).savedTimeMs()).toThrow(
      /clock\.json is corrupt: delete it and the world goes on/,
    );
  });
});
