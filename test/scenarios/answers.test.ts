import { describe, expect, it } from 'vitest';
import { currentAlerts, scenario } from '../support/scenario.ts';

const AT_ONCE = '0 level 1 ana email sms';

describe('the link in a message', () => {
  it('acknowledges at minute 15, and level 2, due at minute 15, is not paged', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    const answer = story.press(15, 'acknowledge', 'ana sms');
    await story.runTo(70);
    expect((await answer).body).toContain('You acknowledged this at 03:15Z.');
    expect(story.pages()).toEqual([AT_ONCE]);
    expect(story.life().alert.status).toBe('acknowledged');
  });

  it('says so plainly while the table cannot be written, and the press after that counts', async () => {
    let isIll = false;
    const story = await scenario({
      inject: ({ function: name }) => (isIll && name === 'tocsin-answer' ? { kind: 'throttle' } : undefined),
    });
    story.alarm(0, 'cpu');
    await story.runTo(2);
    isIll = true;
    const pressed = story.press(3, 'acknowledge', 'ana sms');
    await story.runTo(5);
    const { status, headers, body } = await pressed;
    expect([status, headers['retry-after'], headers['content-type']]).toEqual([
      503,
      '5',
      'text/html; charset=utf-8',
    ]);
    expect(body).toContain('Until somebody acknowledges, it goes on paging.');
    isIll = false;
    const again = story.press(6, 'acknowledge', 'ana sms');
    await story.runTo(20);
    expect((await again).body).toContain('You acknowledged this at 03:06Z.');
    expect(story.pages()).toEqual([AT_ONCE]);
  });

  it('opened by a mail scanner changes no row, and level 2 is paged', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    await story.runTo(5);
    const rows = JSON.stringify(story.tables.items('tocsin-state'));
    expect((await story.open(story.link('ana email'))).status).toBe(200);
    expect(JSON.stringify(story.tables.items('tocsin-state'))).toBe(rows);
    await story.runTo(15);
    expect(story.pages(1)).toEqual(['15 level 2 ben email sms']);
  });

  it('pressed twice says who was first, and keeps that person', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    void story.press(16, 'acknowledge', 'ben sms');
    const second = story.press(18, 'acknowledge', 'ana email');
    await story.runTo(20);
    expect((await second).body).toContain('Already acknowledged by Ben at 03:16Z.');
    expect(story.life().alert.acknowledgement).toMatchObject({ firstBy: 'ben', by: 'ana' });
  });

  it('that nobody was sent is refused: one bit of it forged, cut short, or longer', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    await story.runTo(1);
    const link = story.link('ana sms');
    const forged = link.slice(0, -2) + (link.at(-2) === 'x' ? 'y' : 'x') + link.at(-1);
    for (const path of [forged, link.slice(0, -1), `${link}A`, `${link}%2F..`]) {
      expect([path, (await story.open(path)).status]).toEqual([path, 404]);
      expect([path, (await story.post(path, 'acknowledge')).status]).toEqual([path, 404]);
    }
    const unknown = await story.open('/a/AAAAAAAAAAAAAAAAAAAAAA');
    expect(await story.open('/a')).toEqual(unknown);
    expect(story.life().alert.status).toBe('triggered');
  });

  it('acts no more 24 hours after its alert resolved, and still shows it before', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    story.ok(1, 'cpu');
    await story.runTo(6 + 24 * 60);
    const link = story.link('ana sms');
    expect((await story.open(link)).status).toBe(200);
    await story.runTo(7 + 24 * 60);
    expect((await story.open(link)).status).toBe(410);
    expect((await story.post(link, 'acknowledge')).status).toBe(410);
  });

  it('of an earlier alert does not reach the later one of the same alarm', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    story.ok(1, 'cpu');
    await story.runTo(6);
    const earlier = story.link('ana sms');
    story.alarm(10, 'cpu');
    await story.runTo(11);
    const answer = await story.post(earlier, 'acknowledge');
    expect(answer.body).toContain('Already resolved');
    expect(currentAlerts(story.tables).map(({ status }) => status)).toEqual(['triggered']);
  });

  it('with an answer that there is not changes nothing', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    await story.runTo(1);
    expect((await story.post(story.link('ana sms'), 'delete')).status).toBe(400);
    expect((await story.post(story.link('ana sms'), 'acknowledge:somebody-elses')).status).toBe(400);
    expect(story.life().alert.status).toBe('triggered');
  });
});

describe('escalating by hand', () => {
  it('by the link pages level 2 at once, and level 3 fifteen minutes later', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    const answer = story.press(5, 'escalate', 'ana sms');
    await story.runTo(20);
    expect((await answer).body).toContain('You escalated this at 03:05Z');
    expect(story.pages()).toEqual([AT_ONCE, '5 level 2 ben email sms', '20 level 3 cleo email sms']);
  });

  it('by the operator takes an acknowledged alert on to level 2', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    void story.press(2, 'acknowledge', 'ana sms');
    await story.runTo(3);
    const { id } = story.life().alert;
    const answer = story.operate(3, { command: 'escalate', id, by: 'cli:root' });
    await story.runTo(4);
    expect(await answer).toMatchObject({ kind: 'ok', outcome: 'escalated', alert: { status: 'triggered' } });
    expect(story.pages(1)).toEqual(['3 level 2 ben email sms']);
  });
});

describe('resolving by hand', () => {
  it('while the alarm fires says so, tells who was paged, and a newer ALARM opens a new alert at level 1', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    const answer = story.press(16, 'resolve', 'ben sms');
    story.ok(20, 'cpu');
    story.alarm(22, 'cpu');
    await story.runTo(30);
    expect((await answer).body).toContain('Resolved, but the alarm still fires.');
    expect(story.pages(1)).toEqual([
      '15 level 2 ben email sms',
      '16 notice ana email',
      '16 notice ben email',
      '22 level 1 ana email sms',
    ]);
    expect(story.lives()).toHaveLength(2);
  });

  it('by the operator ends it for the list of open alerts, and a second time is a conflict', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    await story.runTo(1);
    const { id } = story.life().alert;
    const command = { command: 'resolve', id, by: 'cli:root' };
    const first = story.operate(2, command);
    const second = story.operate(3, command);
    const open = story.operate(4, { command: 'list' });
    const ended = story.operate(4, { command: 'list', ended: true });
    const shown = story.operate(4, { command: 'show', id });
    const unknown = story.operate(4, { ...command, id: 'nobody' });
    await story.runTo(5);
    expect(await first).toMatchObject({ kind: 'ok', outcome: 'resolved' });
    expect(await second).toMatchObject({ kind: 'conflict' });
    expect(await open).toEqual({ kind: 'ok', alerts: [], total: 0 });
    expect(await ended).toMatchObject({ kind: 'ok', alerts: [{ id, status: 'resolved' }] });
    expect(await shown).toMatchObject({ kind: 'ok', alert: { id } });
    expect(await unknown).toMatchObject({ kind: 'not-found' });
    expect(story.pages(1)).toEqual(['2 notice ana email']);
  });
});

describe('an acknowledgement that is forgotten', () => {
  it('is reminded of at 60 minutes, and pages level 2 at 75, level 3 at 90', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    void story.press(1, 'acknowledge', 'ana sms');
    await story.runTo(92);
    expect(story.pages()).toEqual([
      AT_ONCE,
      '61 reminder ana email sms',
      '76 level 2 ben email sms',
      '91 level 3 cleo email sms',
    ]);
  });

  it('and is renewed from the reminder has another 60 minutes', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    void story.press(1, 'acknowledge', 'ana sms');
    void story.press(62, 'acknowledge', 'ana sms');
    await story.runTo(123);
    expect(story.pages(1)).toEqual(['61 reminder ana email sms', '122 reminder ana email sms']);
  });

  it('and was given by the operator is reminded of to everybody paged so far', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    await story.runTo(16);
    void story.operate(16, { command: 'acknowledge', id: story.life().alert.id, by: 'cli:root' });
    await story.runTo(77);
    expect(story.pages(16)).toEqual(['76 reminder ana email sms', '76 reminder ben email sms']);
  });
});

describe('an alarm that flaps', () => {
  it('every 4 minutes reaches level 2 instead of waking level 1 again', async () => {
    const story = await scenario();
    for (let minute = 0; minute < 40; minute += 8) {
      story.alarm(minute, 'cpu');
      story.ok(minute + 4, 'cpu');
    }
    await story.runTo(60);
    expect(story.pages().filter((line) => line.includes('level'))).toEqual([
      AT_ONCE,
      '27 level 2 ben email sms',
    ]);
    expect(story.lives()).toHaveLength(1);
  });

  it('in the last instant of the recovery goes on, one after it opens a new alert', async () => {
    const goesOn = await scenario();
    goesOn.alarm(0, 'cpu');
    goesOn.ok(10, 'cpu');
    goesOn.alarm(15, 'cpu');
    await goesOn.runTo(20);
    expect(goesOn.pages(1)).toEqual(['20 level 2 ben email sms']);

    const anew = await scenario();
    anew.alarm(0, 'cpu');
    anew.ok(10, 'cpu');
    anew.alarm(15.1, 'cpu');
    await anew.runTo(20);
    expect(anew.pages(1)).toEqual(['15 notice ana email', '15.1 level 1 ana sms', '16 level 1 ana email']);
  });
});
