import { describe, expect, it } from 'vitest';
import type { Fault, Inject } from '../../local/aws/gate.ts';
import type { EditTemplate } from '../../local/template.ts';
import { minuteOf, scenario } from '../support/scenario.ts';

const AT_ONCE = '0 level 1 ana email sms';

describe('SNS that', () => {
  it('throttles for 20 s delays the page until the fourth try, after 35 s and what the SDK itself has waited', async () => {
    const story = await scenario({ inject: failPublishes({ kind: 'throttle' }, { until: 1 / 3 }) });
    story.alarm(0, 'cpu');
    await story.runTo(14);
    expect(story.pages()).toEqual([expect.stringMatching(/^0\.6\d level 1 ana email sms$/)]);
    expect(story.timeline()).toContainEqual(
      expect.stringMatching(/ page\.failed ana sms \(SNS: ThrottledException injected: slow down\)$/),
    );
    expect(story.unfinished()).toEqual([]);
  });

  it('fails for ten minutes pages level 1 within a minute of its return, and wakes nobody else before their time', async () => {
    const story = await scenario({ inject: failPublishes({ kind: 'fail-before' }, { until: 10 }) });
    story.alarm(0, 'cpu');
    await story.runTo(16);
    expect(story.pages()).toEqual(['10.26 level 1 ana email sms', '15 level 2 ben email sms']);
    expect(story.unfinished()).toEqual([]);
  });

  it('refuses every SMS for good pages by email alone, and wakes no level early', async () => {
    const story = await scenario({ edit: withoutSms });
    story.alarm(0, 'cpu');
    await story.runTo(16);
    expect(story.pages()).toEqual(['0 level 1 ana email', '15 level 2 ben email']);
    expect(story.timeline().filter((line) => line.includes('page.undeliverable ana sms'))).toHaveLength(1);
  });

  it('has lost the topic of a person texts them instead', async () => {
    const story = await scenario({ team: 'shrunk', edit: withoutTopic('ana') });
    story.alarm(0, 'checkout-slow');
    await story.runTo(1);
    expect(story.pages()).toEqual(['0 level 1 ana sms']);
  });

  it('can reach nobody of level 1 pages level 2 at once', async () => {
    const story = await scenario({ edit: both(withoutSms, withoutTopic('ana')) });
    story.alarm(0, 'cpu');
    await story.runTo(16);
    expect(story.pages()).toEqual(['0 level 2 ben email', '15 level 3 cleo email']);
  });

  it('can reach nobody at all tells the watchers, again at each repeat', async () => {
    const everybody = ['ana', 'ben', 'cleo', 'dan'].map(withoutTopic);
    const story = await scenario({ edit: both(withoutSms, ...everybody) });
    story.alarm(0, 'cpu');
    await story.runTo(65);
    expect(story.pages()).toEqual([
      '0 watchers ana email sms',
      '0 watchers dan email sms',
      '30 watchers ana email sms',
      '30 watchers dan email sms',
      '60 watchers ana email sms',
      '60 watchers dan email sms',
    ]);
  });

  it('accepts and drops what goes to one person: their other channel has it, and level 2 comes in its time', async () => {
    const story = await scenario();
    story.world.dropMessagesTo('+12025550101', 'opted out');
    story.alarm(0, 'cpu');
    await story.runTo(16);
    expect(story.pages()).toEqual(['0 level 1 ana email', '15 level 2 ben email sms']);
  });
});

describe('a deploy in the middle', () => {
  it('that lost a responder and a level goes on with those who are left, and nothing is stuck', async () => {
    const before = await scenario();
    before.alarm(0, 'cpu');
    await before.runTo(16);
    expect(before.pages()).toEqual([AT_ONCE, '15 level 2 ben email sms']);

    const after = await scenario({ team: 'shrunk', tables: before.tables, from: 16 });
    await after.runTo(61);
    expect(after.pages()).toEqual(['30 level 3 cleo email sms', '60 level 3 cleo email sms']);
    after.ok(61, 'cpu');
    void after.at(61, () => after.world.deleteAlarm('cpu'));
    await after.runTo(80);
    expect(after.unfinished()).toEqual([]);
  });

  it('that lost who acknowledged reminds everybody who was paged and is still there', async () => {
    const before = await scenario();
    before.alarm(0, 'cpu');
    void before.press(16, 'acknowledge', 'ben sms');
    await before.runTo(17);

    const after = await scenario({ team: 'shrunk', tables: before.tables, from: 17 });
    await after.runTo(92);
    expect(after.pages()).toEqual(['76 reminder ana email sms', '91 level 3 cleo email sms']);
    expect(after.unfinished()).toEqual([]);
  });

  it('between a page that waits for its slot and its turn: who has left is undeliverable, and it is passed on', async () => {
    const before = await scenario();
    before.alarm(0, 'first');
    before.alarm(0.1, 'second');
    // Both are at level 2 by 15.1; Ben is told of the second at 16.
    await before.runTo(15.5);

    const after = await scenario({ team: 'shrunk', tables: before.tables, from: 15.6 });
    await after.runTo(20);
    expect(after.pages()).toEqual(['16 level 3 cleo email sms']);
    expect(after.unfinished()).toEqual([]);
  });

  it('that comes back knows everybody again', async () => {
    const before = await scenario({ team: 'shrunk' });
    before.alarm(0, 'cpu');
    await before.runTo(16);
    const after = await scenario({ tables: before.tables, from: 16 });
    await after.runTo(61);
    expect(after.pages()).toEqual(['30 level 3 cleo email sms', '60 level 4 dan email sms']);
  });
});

function failPublishes(fault: Fault, { until }: { until: number }): Inject {
  return ({ service, at }) => (service === 'sns' && minuteOf(at) < until ? fault : undefined);
}

const withoutSms: EditTemplate = ({ Resources }) => {
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type !== 'AWS::IAM::Policy') continue;
    const document = Properties!.PolicyDocument as { Statement: { NotResource?: string }[] };
    document.Statement = document.Statement.filter(({ NotResource }) => NotResource === undefined);
  }
};

/** Somebody deleted it by hand. */
function withoutTopic(responder: string): EditTemplate {
  return ({ Resources }) => {
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type === 'AWS::SNS::Topic' && Properties!.TopicName === `tocsin-responder-${responder}`) {
        Properties!.TopicName = `tocsin-responder-${responder}-deleted`;
      }
    }
  };
}

function both(...edits: EditTemplate[]): EditTemplate {
  return (template) => {
    for (const edit of edits) edit(template);
  };
}
