import { describe, expect, it } from 'vitest';
import type { Hit, Run } from '../run.ts';
import { aRun, hitAt, minute } from './build-run.ts';
import { duplicatesAreExplained } from './duplicates-are-explained.ts';
import { oneAMinute } from './one-a-minute.ts';

const acknowledged = aRun((story) => {
  story.signal(0, 'alarm');
  story.answer(4, 'acknowledge', 'ana');
});

/** Of the invocation that published Ana's first message. */
const publisher = { requestId: acknowledged.publishes[0]!.requestId };

/** Ana's first message, taken by SNS again so many seconds later. */
function repeated(secondsLater: readonly number[], hits: readonly Hit[] = []): Run {
  const [first] = acknowledged.publishes;
  const copies = secondsLater.map((seconds, i) => {
    const at = first!.at + seconds * 1_000;
    return { ...first!, n: 900 + i, at, takenAt: at };
  });
  return { ...acknowledged, publishes: [...acknowledged.publishes, ...copies], hits };
}

describe('duplicatesAreExplained', () => {
  it('holds where each page goes out once', () => {
    expect(duplicatesAreExplained(acknowledged)).toEqual([]);
  });

  it('finds a page that goes out twice', () => {
    const [only, ...others] = duplicatesAreExplained(repeated([90]));
    expect(others).toEqual([]);
    expect(only!.what).toContain('ana by sms was told of alert cpu');
  });

  it('allows one for a crash, and a second for none', () => {
    const crash = hitAt(0.1, 'crash-after', publisher);
    expect(duplicatesAreExplained(repeated([90], [crash]))).toEqual([]);
    expect(duplicatesAreExplained(repeated([90, 180], [crash]))).toHaveLength(1);
  });

  it('allows none for the crash of an invocation that published nothing', () => {
    const other = hitAt(0.1, 'crash-after', { requestId: 'another' });
    expect(duplicatesAreExplained(repeated([90], [other]))).toHaveLength(1);
  });

  it('counts an invocation that ran out of time once, however many of its calls were not answered', () => {
    const hung = [0.1, 0.11, 0.12].map((at) => hitAt(at, 'out-of-time', publisher));
    expect(duplicatesAreExplained(repeated([90], hung))).toEqual([]);
    expect(duplicatesAreExplained(repeated([90, 180], hung))).toHaveLength(1);
  });

  it('allows one for a publish whose answer was lost, none for one that was refused', () => {
    const publish = { service: 'sns', action: 'Publish' };
    expect(duplicatesAreExplained(repeated([90], [hitAt(0, 'fail-after', publish)]))).toEqual([]);
    expect(duplicatesAreExplained(repeated([90], [hitAt(0, 'throttle', publish)]))).toHaveLength(1);
  });

  it('allows one for a note in the slot that was lost, whatever number of tries', () => {
    const { n, requestId } = acknowledged.publishes[0]!;
    const note = { action: 'UpdateItem', requestId, n: n + 1 };
    const lost = [hitAt(0.01, 'fail-before', note), hitAt(0.02, 'fail-before', note)];
    expect(duplicatesAreExplained(repeated([90], lost))).toEqual([]);
    expect(duplicatesAreExplained(repeated([90, 180], lost))).toHaveLength(1);
    const before = hitAt(0, 'fail-before', { ...note, n: n - 1 });
    expect(duplicatesAreExplained(repeated([90], [before]))).toHaveLength(1);
  });

  it('is not explained by a crash of an hour before', () => {
    const late = aRun((story) => {
      story.signal(100, 'alarm');
      story.answer(104, 'acknowledge', 'ana');
    });
    const copy = { ...late.publishes[0]!, n: 900, at: minute(102), takenAt: minute(102) };
    const run = {
      ...late,
      publishes: [...late.publishes, copy],
      hits: [hitAt(40, 'crash-after', { requestId: copy.requestId })],
    };
    expect(duplicatesAreExplained(run)).toHaveLength(1);
  });
});

describe('oneAMinute', () => {
  it('holds at 60 s, and finds 59', () => {
    expect(oneAMinute(repeated([60]))).toEqual([]);
    const [only] = oneAMinute(repeated([59]));
    expect(only!.what).toContain('another 59.0 s later');
  });

  it('allows it for a crash between the two', () => {
    expect(oneAMinute(repeated([40], [hitAt(0.1, 'crash-after', publisher)]))).toEqual([]);
    expect(oneAMinute(repeated([40], [hitAt(5, 'crash-after', publisher)]))).toHaveLength(1);
  });
});
