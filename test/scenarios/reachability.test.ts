import { describe, expect, it } from 'vitest';
import type { AuditAnswer } from '../../functions/doctor/contract.ts';
import { sentMessages } from '../support/from-outside.ts';
import { minuteOf, type Scenario, scenario } from '../support/scenario.ts';

const ANAS_PHONE = '+12025550101';

const audit = (story: Scenario, minute: number, event: Record<string, unknown>): Promise<AuditAnswer> =>
  story.at(minute, async () => {
    const invocation = await story.world.invoke('tocsin-audit', event);
    if (invocation.kind === 'failed') throw new Error(invocation.errorMessage);
    return invocation.payload as AuditAnswer;
  });

const topicOf = (story: Scenario, responder: string) =>
  `arn:aws:sns:${story.world.place.region}:${story.world.place.account}:tocsin-responder-${responder}`;

describe('a phone that opts out', () => {
  it('is left out of the next page, 5 minutes later at most, and is an alert of its own', async () => {
    const story = await scenario();
    void story.at(1, () => story.world.sms.change({ optedOut: [ANAS_PHONE] }));
    story.alarm(7, 'cpu');
    await story.runTo(8);
    expect(story.pages(7)).toEqual(['7 level 1 ana email']);
    const titles = story.lives().map(({ alert }) => alert.detail.title);
    expect(titles).toContain('Ana by SMS: cannot be reached, the number has opted out of SMS');
  });

  it('and opts in again gets its pages; its alert resolves when it has stayed so for 15 minutes', async () => {
    const story = await scenario();
    void story.at(1, () => story.world.sms.change({ optedOut: [ANAS_PHONE] }));
    void story.at(11, () => story.world.sms.change({ optedOut: [] }));
    story.alarm(22, 'cpu');
    await story.runTo(36);
    expect(story.pages(22)[0]).toBe('22 level 1 ana email sms');
    const own = story.lives().find(({ alert }) => alert.source.kind === 'tocsin');
    expect(own?.alert.status).toBe('resolved');
  });

  it('is found out by the delivery report when the page comes before the audit: the page goes on at once', async () => {
    const story = await scenario();
    void story.at(1, () => story.world.sms.change({ optedOut: [ANAS_PHONE] }));
    story.alarm(2, 'cpu');
    await story.runTo(3);
    expect(story.timeline().filter((line) => line.includes('page.undeliverable'))).toEqual([
      expect.stringContaining('ana sms (not delivered: Phone number is opted out)'),
    ]);
    expect(story.unfinished()).toEqual([]);
  });

  it('is heard of once the table is back, however often the report has failed by then', async () => {
    const OUTAGE = { from: 2.01, to: 12 };
    const story = await scenario({
      inject: ({ service, at }) =>
        service === 'dynamodb' && minuteOf(at) >= OUTAGE.from && minuteOf(at) < OUTAGE.to
          ? { kind: 'fail-before' }
          : undefined,
    });
    void story.at(1, () => story.world.sms.change({ optedOut: [ANAS_PHONE] }));
    story.alarm(2, 'cpu');
    await story.runTo(13);
    const sent = story.world.messages.find(({ to }) => to === ANAS_PHONE)!;
    expect(minuteOf(sent.at)).toBeLessThan(OUTAGE.from);
    expect(story.timeline()).toContainEqual(
      expect.stringMatching(
        /^12\.\d+ page\.undeliverable ana sms \(not delivered: Phone number is opted out\)$/,
      ),
    );
    expect(story.unfinished()).toEqual([]);
  });

  it('is taken also from among the dead letters', async () => {
    const story = await scenario();
    story.alarm(2, 'cpu');
    void story.at(3, () => {
      const [messageId] = sentMessages(story);
      const report = { messageId, reason: 'not delivered: No quota left for account', lasting: false };
      void story.world.queue('tocsin-due-dead-letters').send(JSON.stringify({ report }));
    });
    await story.runTo(11);
    expect(story.timeline()).toContainEqual(
      expect.stringContaining('page.undeliverable ana sms (not delivered: No quota left for account)'),
    );
    expect(story.world.queue('tocsin-due-dead-letters').messages()).toEqual([]);
  });
});

describe('an email whose subscription is gone', () => {
  it('is subscribed anew by the doctor, confirmed by its link, and can be reached again', async () => {
    const story = await scenario();
    void story.at(1, () => void story.world.subscriptions.put(topicOf(story, 'ana'), 'deleted'));
    const before = audit(story, 6, { audit: 'doctor' });
    const fixed = audit(story, 7, { audit: 'doctor', fix: true });
    await story.runTo(8);
    const of = (answer: AuditAnswer) => answer.findings.find(({ id }) => id === 'contact:ana:email');
    expect(of(await before)).toMatchObject({ state: 'failure' });
    expect(of(await fixed)?.fixed).toContain('Ana');

    const mail = story.world.messages.findLast(({ body }) => body.includes('confirmation.html'));
    const link = /https?:\S*confirmation\.html\S+/.exec(mail?.body ?? '')?.[0];
    const confirmed = story.operate(9, { command: 'contacts-confirm', link, by: 'cli:ana' });
    const listed = story.operate(16, { command: 'contacts-list' });
    await story.runTo(17);
    expect(await confirmed).toEqual({ kind: 'ok', confirmed: 'the email of ana' });
    expect(await listed).toMatchObject({
      contacts: expect.arrayContaining([
        expect.objectContaining({ responder: 'ana', channel: 'email', state: 'reachable' }),
      ]),
    });
  });
});

describe('the doctor', () => {
  it.each([6, 300])('finds nothing wrong with an idle installation at minute %d', async (minute) => {
    const story = await scenario();
    await story.runTo(minute);
    const answer = audit(story, minute, { audit: 'doctor' });
    await story.runTo(minute + 1);
    expect((await answer).findings.filter(({ state }) => state !== 'ok')).toEqual([]);
  });
});
