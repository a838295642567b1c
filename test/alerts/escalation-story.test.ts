import { describe, expect, it } from 'vitest';
import { MINUTE_MS, START_MS, tell } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';

describe('a critical alert that nobody answers', () => {
  it('pages levels 1, 2, 3, 4 at minutes 0, 15, 30, 60 by SMS and email', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.runTo(60);
    expect(story.sent()).toEqual([
      '0: level 1 ana sms',
      '0: level 1 ana email',
      '15: level 2 ben sms',
      '15: level 2 ben email',
      '30: level 3 cleo sms',
      '30: level 3 cleo email',
      '60: level 4 dan sms',
      '60: level 4 dan email',
    ]);
  });

  it('pages level 4 again at 90, 120 … 1440, then at 1680, 1920 without end', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.runTo(30 * 24 * 60);
    const minutes = story
      .sent()
      .filter((line) => line.endsWith('dan sms'))
      .map((line) => Number(line.split(':')[0]));
    const halfHourly = Array.from({ length: 47 }, (_, n) => 60 + n * 30);
    const fourHourly = Array.from({ length: 174 }, (_, n) => 1680 + n * 240);
    expect(minutes).toEqual([...halfHourly, ...fourHourly]);
  });

  it('stays under 64 KB over thirty unanswered days', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', { detail: { title: 'cpu', reason: 'x'.repeat(2_000) } });
    story.runTo(30 * 24 * 60);
    // The store copies the timeline out beyond 20 entries; the pages are bounded by the rules alone.
    expect(JSON.stringify({ ...story.alert!, timeline: [] }).length).toBeLessThan(16_000);
  });
});

describe('a warning that nobody answers', () => {
  it('emails level 1 at 0, texts it at 30, pages level 2 at 45 and then hourly', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', { severity: 'warning' });
    story.runTo(165);
    expect(story.sent()).toEqual([
      '0: level 1 ana email',
      '30: level 1 ana sms',
      '45: level 2 ben sms',
      '45: level 2 ben email',
      '105: level 2 ben sms',
      '105: level 2 ben email',
      '165: level 2 ben sms',
      '165: level 2 ben email',
    ]);
  });
});

describe('an informational alert', () => {
  it('pages nobody and is never due', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', { severity: 'info' });
    expect(story.sent()).toEqual([]);
    expect(story.alert?.dueAt).toBeUndefined();
  });
});

describe('an acknowledgement', () => {
  it('at minute 15 stops level 2, which is due at minute 15', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(15, 'acknowledge', 'ana');
    story.runTo(70);
    expect(story.sent()).toEqual(['0: level 1 ana sms', '0: level 1 ana email']);
  });

  it('that is forgotten is reminded of at 60 minutes and escalates to level 2 at 75', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(5, 'acknowledge', 'ana');
    story.runTo(95);
    expect(story.sent().slice(2)).toEqual([
      '65: reminder ana sms',
      '65: reminder ana email',
      '80: level 2 ben sms',
      '80: level 2 ben email',
      '95: level 3 cleo sms',
      '95: level 3 cleo email',
    ]);
    expect(story.alert?.pages.filter(({ byHand }) => byHand)).toEqual([]);
  });

  it('again restarts the reminder, and who answered first stays known', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(5, 'acknowledge', 'ana');
    story.answer(50, 'acknowledge', 'ben');
    story.runTo(110);
    expect(story.sent().slice(2)).toEqual(['110: reminder ben sms', '110: reminder ben email']);
    expect(story.alert?.acknowledgement).toMatchObject({ firstBy: 'ana', by: 'ben' });
  });

  const refused = () => {
    // SNS refuses between 64 and 66: the reminder of minute 65 waits to be tried again.
    const story = tell(fourLevels, {
      publish: (_page, minute) => (minute >= 64 && minute < 66 ? 'failed' : 'sent'),
    });
    story.signal(0, 'alarm', { severity: 'critical' });
    story.answer(5, 'acknowledge', 'ana');
    story.runTo(65);
    return story;
  };

  it('that a hand withdraws is not reminded of any more: the reminder that waits is dropped', () => {
    const story = refused();
    story.answer(65.5, 'escalate', 'ben');
    story.runTo(70);
    expect(story.sent().filter((line) => line.includes('reminder'))).toEqual([]);
    expect(story.timeline.filter(({ event }) => event === 'page.dropped')).toMatchObject([
      { responder: 'ana', channel: 'sms', reason: 'it is no longer acknowledged' },
      { responder: 'ana', channel: 'email', reason: 'it is no longer acknowledged' },
    ]);
  });

  it('that is resolved drops its reminder because of that', () => {
    const story = refused();
    story.answer(65.5, 'resolve', 'ben');
    const dropped = story.timeline.filter(({ event }) => event === 'page.dropped');
    expect(dropped.map(({ reason }) => reason)).toEqual(['resolved', 'resolved']);
  });

  it('from the command line is reminded of to everybody paged so far', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(16, 'acknowledge', 'cli:root');
    story.runTo(76);
    expect(story.sent().slice(4)).toEqual([
      '76: reminder ana sms',
      '76: reminder ana email',
      '76: reminder ben sms',
      '76: reminder ben email',
    ]);
  });

  it('of somebody without a contact, when nobody was reached, is reminded of to the watchers', () => {
    const story = tell(fourLevels, {
      publish: (page) => (page.responder === 'watchers' ? 'sent' : 'undeliverable'),
    });
    story.signal(0, 'alarm');
    story.answer(1, 'acknowledge', 'cli:root');
    story.runTo(61);
    expect(story.sent()).toEqual(['0: level 4 watchers topic', '61: reminder watchers topic']);
  });

  it('of a warning is reminded of after 240 minutes', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', { severity: 'warning' });
    story.answer(10, 'acknowledge', 'ana');
    story.runTo(250);
    expect(story.sent().slice(1)).toEqual(['250: reminder ana sms', '250: reminder ana email']);
  });
});

describe('escalating by hand', () => {
  it('at minute 5 pages level 2 at once, and level 3 fifteen minutes later', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(5, 'escalate', 'ana');
    story.runTo(20);
    expect(story.sent().slice(2)).toEqual([
      '5: level 2 ben sms',
      '5: level 2 ben email',
      '20: level 3 cleo sms',
      '20: level 3 cleo email',
    ]);
  });

  it('past the last level pages it again, the next repeat 30 minutes from then', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(73, 'escalate', 'dan');
    story.runTo(104);
    expect(story.sent().slice(8)).toEqual([
      '73: level 4 dan sms',
      '73: level 4 dan email',
      '103: level 4 dan sms',
      '103: level 4 dan email',
    ]);
  });

  it('takes an acknowledged alert back to triggered', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(1, 'acknowledge', 'ana');
    story.answer(2, 'escalate', 'ana');
    expect(story.alert?.status).toBe('triggered');
    expect(story.sent().slice(2)).toEqual(['2: level 2 ben sms', '2: level 2 ben email']);
  });

  it('publishes under a hold, and the hold stays', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.signal(2, 'ok');
    story.answer(3, 'escalate', 'ana');
    expect(story.sent().slice(2)).toEqual(['3: level 2 ben sms', '3: level 2 ben email']);
    expect(story.alert?.holds.recovering?.until).toBe(START_MS + 7 * MINUTE_MS);
  });

  it('sends a page at once that a retry and a hold kept back', () => {
    let refusals = 1;
    const story = tell(fourLevels, {
      publish: ({ responder, channel }) =>
        responder === 'dan' && channel === 'sms' && refusals-- > 0 ? 'failed' : 'sent',
    });
    story.signal(0, 'alarm');
    story.runTo(60);
    story.signal(60 + 1 / 60, 'ok');
    story.answer(60 + 2 / 60, 'escalate', 'cleo');
    const toDan = story.sent().filter((line) => line.includes('dan sms'));
    expect(toDan.map((line) => line.slice(line.indexOf(':')))).toEqual([': level 4 dan sms']);
  });

  it('of an informational alert changes nothing and says why', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', { severity: 'info' });
    expect(story.answer(1, 'escalate', 'ana')).toEqual({
      kind: 'unchanged',
      reason: 'info alerts have no escalation',
    });
  });
});

describe('recovery', () => {
  it('resolves 5 minutes after the OK and tells by email those who were paged', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.signal(16, 'ok');
    story.runTo(60);
    expect(story.sent().slice(4)).toEqual(['21: notice ana email', '21: notice ben email']);
    expect(story.alert?.status).toBe('resolved');
    expect(story.alert?.dueAt).toBeUndefined();
  });

  it('of an alert by hand resolves because it was said to be over', () => {
    const source = { kind: 'cli', key: 'cpu', by: 'cli:ana' } as const;
    const story = tell(fourLevels);
    story.signal(0, 'alarm', { source });
    story.signal(2, 'ok', { source });
    story.runTo(10);
    expect(story.alert!.resolution!.reason).toBe('it was said to be over');
  });

  it('is ended by an ALARM in its last instant, and the clock goes on as it stood', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.signal(10, 'ok');
    story.signal(15, 'alarm');
    story.runTo(35);
    // 10 minutes ran before the OK, none within the quiet time: level 2 falls at 15 + 5 = 20.
    expect(story.sent().slice(2)).toEqual([
      '20: level 2 ben sms',
      '20: level 2 ben email',
      '35: level 3 cleo sms',
      '35: level 3 cleo email',
    ]);
  });

  it('an ALARM after it opens a new life at level 1', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.signal(10, 'ok');
    story.signal(16, 'alarm');
    expect(story.sent().slice(2)).toEqual([
      '15: notice ana email',
      '16: level 1 ana sms',
      '16: level 1 ana email',
    ]);
    expect(story.alert?.openedAt).toBe(START_MS + 16 * MINUTE_MS);
  });

  it('an alarm that flaps every 4 minutes reaches level 2 instead of waking level 1 again', () => {
    const story = tell(fourLevels);
    for (let minute = 0; minute < 40; minute += 8) {
      story.signal(minute, 'alarm');
      story.signal(minute + 4, 'ok');
    }
    const levels = story.sent().map((line) => line.slice(line.indexOf('level')));
    expect(levels).toEqual(['level 1 ana sms', 'level 1 ana email', 'level 2 ben sms', 'level 2 ben email']);
  });

  it('is outlived by an acknowledgement', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(5, 'acknowledge', 'ana');
    story.signal(10, 'ok');
    story.signal(14, 'alarm');
    story.runTo(60);
    expect(story.alert?.status).toBe('acknowledged');
    expect(story.sent()).toHaveLength(2);
  });
});

describe('a severity that rises', () => {
  it('starts over at level 1 of the new policy, also when acknowledged', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', { severity: 'warning' });
    story.answer(5, 'acknowledge', 'ana');
    story.signal(20, 'alarm', { severity: 'critical' });
    story.runTo(35);
    expect(story.sent().slice(1)).toEqual([
      '20: level 1 ana sms',
      '20: level 1 ana email',
      '35: level 2 ben sms',
      '35: level 2 ben email',
    ]);
  });

  it('never falls within a life', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.signal(1, 'alarm', { severity: 'info' });
    expect(story.alert?.severity).toBe('critical');
    expect(story.sent()).toHaveLength(2);
  });
});

describe('pages that cannot be delivered', () => {
  it('by SMS only: the email counts, and nobody else is woken early', () => {
    const story = tell(fourLevels, {
      publish: (page) => (page.channel === 'sms' ? 'undeliverable' : 'sent'),
    });
    story.signal(0, 'alarm');
    story.runTo(14);
    expect(story.sent()).toEqual(['0: level 1 ana email']);
  });

  it('a warning whose email bounces goes to the same person by SMS at once', () => {
    const story = tell(fourLevels, {
      publish: (page) => (page.channel === 'email' ? 'undeliverable' : 'sent'),
    });
    story.signal(0, 'alarm', { severity: 'warning' });
    expect(story.sent()).toEqual(['0: level 1 ana sms']);
  });

  it('to a whole level: the next level at once, whose own successor keeps its distance', () => {
    const story = tell(fourLevels, {
      publish: (page) => (page.responder === 'ana' ? 'undeliverable' : 'sent'),
    });
    story.signal(0, 'alarm');
    story.runTo(15);
    expect(story.sent()).toEqual([
      '0: level 2 ben sms',
      '0: level 2 ben email',
      '15: level 3 cleo sms',
      '15: level 3 cleo email',
    ]);
  });

  it('to anybody: the watchers, and again at each repeat', () => {
    const story = tell(fourLevels, {
      publish: (page) => (page.responder === 'watchers' ? 'sent' : 'undeliverable'),
    });
    story.signal(0, 'alarm');
    story.runTo(60);
    expect(story.sent()).toEqual([
      '0: level 4 watchers topic',
      '30: level 4 watchers topic',
      '60: level 4 watchers topic',
    ]);
    expect(passedOver(story)).toEqual(['4 nobody-reachable', '4 nobody-reachable', '4 nobody-reachable']);
  });

  it('to anybody of level 1, as is known: passed over because none of its people can be reached', () => {
    const responders = {
      ...fourLevels.responders,
      ana: { ...fourLevels.responders.ana!, unreachable: { sms: 'opted out', email: 'not confirmed' } },
    };
    const story = tell({ ...fourLevels, responders });
    story.signal(0, 'alarm');
    expect(story.sent()).toEqual(['0: level 2 ben sms', '0: level 2 ben email']);
    expect(passedOver(story)).toEqual(['1 nobody-reachable']);
  });

  it('for now: tried again after 5, 10, 20, 40 and then each 60 s, while the levels keep their moments', () => {
    const story = tell(fourLevels, { publish: (page) => (page.responder === 'ana' ? 'failed' : 'sent') });
    story.signal(0, 'alarm');
    story.runTo(15);
    const failures = story.timeline.filter(
      ({ event, channel }) => event === 'page.failed' && channel === 'sms',
    );
    const seconds = failures.map(({ at }) => (at - START_MS) / 1000);
    expect(seconds.slice(0, 7)).toEqual([0, 5, 15, 35, 75, 135, 195]);
    expect(story.sent()).toEqual(['15: level 2 ben sms', '15: level 2 ben email']);
  });

  it('in 20 tries, some 17 minutes: undeliverable', () => {
    const story = tell(fourLevels, { publish: (page) => (page.responder === 'ana' ? 'failed' : 'sent') });
    story.signal(0, 'alarm');
    story.runTo(20);
    const given = story.timeline.filter(({ event }) => event === 'page.undeliverable');
    expect(given.map(({ at, channel }) => [(at - START_MS) / 1000, channel])).toEqual([
      [975, 'sms'],
      [975, 'email'],
    ]);
  });
});

describe('a crash between claim and outcome', () => {
  it('repeats the page after 30 s', () => {
    let crashes = 2;
    const story = tell(fourLevels, { publish: () => (crashes-- > 0 ? 'crash' : 'sent') });
    story.signal(0, 'alarm');
    story.runTo(1);
    expect(story.sent()).toEqual(['0.5: level 1 ana sms', '0.5: level 1 ana email']);
  });

  it('before an acknowledgement: the page is dropped, not repeated', () => {
    let crashes = 2;
    const story = tell(fourLevels, { publish: () => (crashes-- > 0 ? 'crash' : 'sent') });
    story.signal(0, 'alarm');
    story.answer(0.25, 'acknowledge', 'ana');
    story.runTo(10);
    expect(story.sent()).toEqual([]);
    expect(story.alert?.pages.map(({ status }) => status)).toEqual(['dropped', 'dropped']);
  });
});

/** `1 nobody-on-call`: the levels that were passed over, and why. */
function passedOver({ timeline }: ReturnType<typeof tell>): string[] {
  return timeline
    .filter(({ event, level, responder }) => event === 'page.held' && level && !responder)
    .map(({ level, reason }) => `${level} ${reason}`);
}

describe('levels 3 and 4 that have nobody', () => {
  const twoLevels = { ...fourLevels, levels: [['ana'], ['ben'], [], []] };

  it('hand their moments down to level 2, at 30 and at 60', () => {
    const story = tell(twoLevels);
    story.signal(0, 'alarm', { severity: 'critical' });
    story.runTo(60);
    expect(story.sent().filter((line) => line.endsWith('sms'))).toEqual([
      '0: level 1 ana sms',
      '15: level 2 ben sms',
      '30: level 2 ben sms',
      '60: level 2 ben sms',
    ]);
  });

  it('when nobody on levels 1 and 2 can be reached: the watchers once at 0, and again at each moment', () => {
    const story = tell(twoLevels, {
      publish: (page) => (page.responder === 'watchers' ? 'sent' : 'undeliverable'),
    });
    story.signal(0, 'alarm', { severity: 'critical' });
    story.runTo(60);
    // Level 2 has had its moment at 0: what follows are those of levels 3 and 4.
    expect(story.sent()).toEqual([0, 15, 45].map((minute) => `${minute}: level 2 watchers topic`));
  });
});
