import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../functions/alerts/alert.ts';
import type { Hit, Publish, Run, Write } from '../run.ts';
import { aRun, hitAt } from './build-run.ts';
import { duplicatesAreExplained } from './duplicates-are-explained.ts';
import { oneAMinute } from './one-a-minute.ts';

const acknowledged = aRun((story) => {
  story.signal(0, 'alarm');
  story.answer(4, 'acknowledge', 'ana');
});

const [first, second] = acknowledged.publishes as [Publish, Publish];

/** The call after the one by which Ana's first message was published, by the same invocation. */
const publisher = { requestId: first.requestId, n: first.n + 1 };
const note = { ...publisher, action: 'UpdateItem', row: 'contact#ana#sms slot' };

/** Ana's first message, taken by SNS again so many seconds later. */
function repeated(
  secondsLater: readonly number[],
  hits: readonly Hit[] = [],
  writes: readonly Write[] = [],
): Run {
  const copies = secondsLater.map((seconds, i) => copyOf(first, 900 + i, seconds));
  return {
    ...acknowledged,
    publishes: [...acknowledged.publishes, ...copies],
    writes: [...acknowledged.writes, ...writes],
    hits,
  };
}

function copyOf(publish: Publish, n: number, secondsLater: number): Publish {
  const at = publish.at + secondsLater * 1_000;
  return { ...publish, n, at, takenAt: at, requestId: `request-${n}` };
}

/** The call after the publish has written it into Ana's slot. */
const noted: Write = {
  at: first.at,
  n: first.n + 1,
  function: first.function,
  requestId: first.requestId,
  pk: `contact#ana#${first.channel}`,
  sk: 'slot',
  before: undefined,
  after: { pk: 'contact#ana', sk: 'slot', sent: [{ at: first.takenAt, pages: [] }] },
};

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

  it('allows none for the crash of an invocation that published nothing, or another message', () => {
    const other = hitAt(0.1, 'crash-after', { requestId: 'another', n: first.n + 1 });
    expect(duplicatesAreExplained(repeated([90], [other]))).toHaveLength(1);
    const ofEmail = hitAt(0.1, 'crash-after', { requestId: second.requestId, n: second.n + 1 });
    expect(second).toMatchObject({ responder: 'ana', channel: 'email' });
    expect(duplicatesAreExplained(repeated([90], [ofEmail]))).toHaveLength(1);
  });

  it('allows none for a crash before the message, or once it is noted in the slot or in its alert', () => {
    const early = hitAt(0, 'crash-after', { ...publisher, n: first.n - 1 });
    expect(duplicatesAreExplained(repeated([90], [early]))).toHaveLength(1);
    const crash = hitAt(0.1, 'crash-after', { ...publisher, n: first.n + 2 });
    expect(duplicatesAreExplained(repeated([90], [crash], [noted]))).toHaveLength(1);
    const settled = acknowledged.writes.find(({ after }) =>
      (after as unknown as Alert).pages.some(({ channel, status }) => channel === 'sms' && status === 'sent'),
    )!;
    const run = repeated([90], [crash]);
    const writes = run.writes.map((write) =>
      write === settled ? { ...write, requestId: first.requestId } : write,
    );
    expect(duplicatesAreExplained({ ...run, writes })).toHaveLength(1);
  });

  it('counts an invocation that ran out of time once, however many of its calls were not answered', () => {
    const hung = [0.1, 0.11, 0.12].map((at) => hitAt(at, 'out-of-time', publisher));
    expect(duplicatesAreExplained(repeated([90], hung))).toEqual([]);
    expect(duplicatesAreExplained(repeated([90, 180], hung))).toHaveLength(1);
  });

  it('allows one of two messages of the invocation that crashed to be repeated', () => {
    const run = repeated([90], [hitAt(0.1, 'crash-after', publisher)]);
    const both = { ...second, requestId: first.requestId };
    const publishes = [first, both, copyOf(first, 900, 90), copyOf(both, 901, 90)];
    expect(duplicatesAreExplained({ ...run, publishes })).toHaveLength(1);
  });

  it('allows one for the publish whose answer was lost, none for one that was refused or for another', () => {
    const publish = { service: 'sns', action: 'Publish', requestId: first.requestId, n: first.n };
    expect(duplicatesAreExplained(repeated([90], [hitAt(0, 'fail-after', publish)]))).toEqual([]);
    expect(duplicatesAreExplained(repeated([90], [hitAt(0, 'throttle', publish)]))).toHaveLength(1);
    const other = { ...publish, requestId: second.requestId, n: second.n };
    expect(duplicatesAreExplained(repeated([90], [hitAt(0, 'fail-after', other)]))).toHaveLength(1);
  });

  it('allows one that SNS took late, after its second try', () => {
    const slow = hitAt(0, 'slow', { service: 'sns', action: 'Publish', requestId: first.requestId, n: 900 });
    const run = repeated([8], [slow]);
    const late = { ...run.publishes.at(-1)!, at: first.at };
    expect(duplicatesAreExplained({ ...run, publishes: [...acknowledged.publishes, late] })).toEqual([]);
  });

  it('allows one for a note in the slot that was lost, whatever number of tries', () => {
    const lost = [hitAt(0.01, 'fail-before', note), hitAt(0.02, 'fail-before', note)];
    expect(duplicatesAreExplained(repeated([90], lost))).toEqual([]);
    expect(duplicatesAreExplained(repeated([90, 180], lost))).toHaveLength(1);
    const before = hitAt(0, 'fail-before', { ...note, n: first.n - 1 });
    expect(duplicatesAreExplained(repeated([90], [before]))).toHaveLength(1);
    const ofBen = hitAt(0.01, 'fail-before', { ...note, row: 'contact#ben#sms slot' });
    expect(duplicatesAreExplained(repeated([90], [ofBen]))).toHaveLength(1);
  });

  it('allows none for a note whose second try has come into the slot', () => {
    const lost = hitAt(0.01, 'fail-before', note);
    const again = { ...noted, n: first.n + 2 };
    expect(duplicatesAreExplained(repeated([90], [lost], [again]))).toHaveLength(1);
  });
});

describe('oneAMinute', () => {
  it('holds at 60 s, and finds 59', () => {
    expect(oneAMinute(repeated([60]))).toEqual([]);
    const [only] = oneAMinute(repeated([59]));
    expect(only!.what).toContain('another 59.0 s later');
  });

  it('allows it for a crash of whoever sent the first, unless the slot knew of it', () => {
    const crash = hitAt(0.1, 'crash-after', publisher);
    expect(oneAMinute(repeated([40], [crash]))).toEqual([]);
    expect(oneAMinute(repeated([40, 80], [crash]))).toHaveLength(1);
    expect(
      oneAMinute(repeated([40], [hitAt(0.1, 'crash-after', { n: first.n + 1, requestId: 'another' })])),
    ).toHaveLength(1);
    const later = hitAt(0.1, 'crash-after', { ...publisher, n: first.n + 2 });
    expect(oneAMinute(repeated([40], [later], [noted]))).toHaveLength(1);
  });
});
