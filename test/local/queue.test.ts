import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openQueue } from '../../local/aws/queue.ts';
import { openJournal } from '../../local/journal.ts';
import { virtualClock } from '../../local/virtual-clock.ts';

const START_MS = Date.UTC(2026, 0, 5, 3);
const second = (seconds: number) => START_MS + seconds * 1_000;

function openQueues() {
  const clock = virtualClock(START_MS);
  const settings = { visibilityMs: 60_000, delayMs: 0 };
  const queue = openQueue(clock, { name: 'due', url: 'http://aws.local/1/due', arn: 'arn:due', ...settings });
  const dead = openQueue(clock, {
    name: 'dead',
    url: 'http://aws.local/1/dead',
    arn: 'arn:dead',
    ...settings,
  });
  queue.redriveTo(dead, 3);
  return { clock, queue, dead };
}

describe('openQueue', () => {
  it('shows a message delayed by 900 s at 900 s and not before', async () => {
    const { clock, queue } = openQueues();
    queue.send('later', { delayMs: 900_000 });
    await clock.runUntil(second(899));
    expect(queue.receive(10)).toEqual([]);
    await clock.runUntil(second(900));
    expect(queue.receive(10).map(({ body }) => body)).toEqual(['later']);
  });

  it('gives a message that was not deleted back after its visibility timeout, with its count raised', async () => {
    const { clock, queue } = openQueues();
    queue.send('again');
    expect(queue.receive(10).map(({ receives }) => receives)).toEqual([1]);
    await clock.runUntil(second(59));
    expect(queue.receive(10)).toEqual([]);
    await clock.runUntil(second(60));
    expect(queue.receive(10).map(({ receives }) => receives)).toEqual([2]);
  });

  it('gives it back sooner when its visibility is changed, and refuses a stale receipt', async () => {
    const { clock, queue } = openQueues();
    queue.send('sooner');
    const [first] = queue.receive(1);
    expect(queue.changeVisibility(first!.receiptHandle, 2_000)).toBe(true);
    await clock.runUntil(second(2));
    const [again] = queue.receive(1);
    expect(again?.receives).toBe(2);
    expect(queue.changeVisibility(first!.receiptHandle, 0)).toBe(false);
    queue.delete(first!.receiptHandle);
    expect(queue.messages()).toHaveLength(1);
    queue.delete(again!.receiptHandle);
    expect(queue.messages()).toHaveLength(0);
  });

  it('moves a message to the dead letters at its fourth receive when three are allowed', async () => {
    const { clock, queue, dead } = openQueues();
    queue.send('poison');
    for (const seconds of [0, 60, 120]) {
      await clock.runUntil(second(seconds));
      expect(queue.receive(1)).toHaveLength(1);
    }
    await clock.runUntil(second(180));
    expect(queue.receive(1)).toEqual([]);
    expect(dead.messages().map(({ body }) => body)).toEqual(['poison']);
    expect(queue.messages()).toEqual([]);
  });
});

describe('openJournal', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-journal-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (clock = virtualClock(START_MS)) =>
    openQueue(clock, {
      name: 'intake',
      url: 'http://aws.local/1/intake',
      arn: 'arn:intake',
      visibilityMs: 60_000,
      delayMs: 0,
      journal: openJournal(join(folder, 'intake.jsonl')),
    });

  it('brings back what was sent and not deleted, in flight or not', () => {
    const before = open();
    for (const body of ['handled', 'in flight', 'waiting']) before.send(body);
    const [handled] = before.receive(2);
    before.delete(handled!.receiptHandle);
    expect(
      open()
        .receive(10)
        .map(({ body }) => body),
    ).toEqual(['in flight', 'waiting']);
  });

  it('brings back a message delayed by 900 s, and shows it at 900 s and not before', async () => {
    open().send('later', { delayMs: 900_000 });
    const clock = virtualClock(second(600));
    const after = open(clock);
    expect(after.receive(10)).toEqual([]);
    await clock.runUntil(second(899));
    expect(after.receive(10)).toEqual([]);
    await clock.runUntil(second(900));
    expect(after.receive(10).map(({ body }) => body)).toEqual(['later']);
  });

  it('leaves out half a line at the end, and refuses one in the middle', () => {
    const file = join(folder, 'intake.jsonl');
    open().send('whole');
    writeFileSync(file, '{"sent":{"id":"x","bo', { flag: 'a' });
    expect(
      open()
        .messages()
        .map(({ body }) => body),
    ).toEqual(['whole']);
    writeFileSync(file, '{"sent":\n{"deleted":"x"}\n');
    expect(() => openJournal(file)).toThrow('is corrupt: move it away');
  });
});
