import { describe, expect, it } from 'vitest';
import type { Inject } from '../../local/aws/gate.ts';
import { withFirstTickAlone } from '../support/faults.ts';
import { minuteOf, scenario } from '../support/scenario.ts';

describe('an alarm that nobody answers', () => {
  it('pages levels 1 to 4 at 0, 15, 30, 60 and level 4 again at 90; OK at 100 resolves it at 105, and all are told', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    story.ok(100, 'cpu');
    await story.runTo(300);
    expect(story.pages()).toEqual([
      '0 level 1 ana email sms',
      '15 level 2 ben email sms',
      '30 level 3 cleo email sms',
      '60 level 4 dan email sms',
      '90 level 4 dan email sms',
      '105 notice ana email',
      '105 notice ben email',
      '105 notice cleo email',
      '105 notice dan email',
    ]);
    expect(story.life().alert).toMatchObject({ status: 'resolved', resolution: { by: 'alarm' } });
    expect(story.unfinished()).toEqual([]);
    expect(story.failures()).toEqual([]);
  });

  it('an SMS says how bad, what and since when, and its link opens the page of that alert', async () => {
    const story = await scenario({ team: 'shrunk' });
    story.alarm(0, 'orders-5xx');
    await story.runTo(1);
    const sms = story.world.messages.find(({ channel }) => channel === 'sms')!.body;
    expect(sms).toMatch(/^CRITICAL orders-5xx since 03:00Z\nhttp:\/\/tocsin\.local\/a\/[\w-]{22}$/);
    const page = await story.open(story.link('ana sms'));
    expect(page.status).toBe(200);
    expect(page.body).toContain('orders-5xx');
  });

  it('a warning is emailed at 0 and texted at 30; an informational alert reaches nobody', async () => {
    const story = await scenario({ team: 'shrunk' });
    story.alarm(0, 'checkout-slow');
    story.alarm(0, 'batch-late');
    await story.runTo(44);
    expect(story.pages()).toEqual(['0 level 1 ana email', '30 level 1 ana sms']);
    expect(story.lives()).toHaveLength(2);
  });
});

describe('the tick', () => {
  it('that fails twice running delays nothing: level 2 was handed over for 15:00 by none but the third', async () => {
    const story = await scenario({ inject: failTicks([13, 14]) });
    story.alarm(0, 'cpu');
    await story.runTo(20);
    expect(story.pages()).toEqual(['0 level 1 ana email sms', '15 level 2 ben email sms']);
  });

  it('that fails three times running brings level 2 at 16, were there no second one', async () => {
    const story = await scenario({ edit: withFirstTickAlone, inject: failTicks([13, 14, 15]) });
    story.alarm(0, 'cpu');
    await story.runTo(20);
    expect(story.pages()).toEqual(['0 level 1 ana email sms', '16 level 2 ben email sms']);
  });

  it('that comes twice each minute pages nobody twice', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    for (let minute = 1; minute <= 31; minute++) {
      void story.at(minute, () => story.world.invoke('tocsin-tick', {}));
    }
    await story.runTo(45);
    expect(story.pages()).toEqual([
      '0 level 1 ana email sms',
      '15 level 2 ben email sms',
      '30 level 3 cleo email sms',
    ]);
    expect(story.failures()).toEqual([]);
  });
});

describe('a level without anybody', () => {
  it('hands its moment to the next that has somebody, whose own moment comes as well', async () => {
    const story = await scenario({ team: 'shrunk' });
    story.alarm(0, 'cpu');
    await story.runTo(31);
    expect(story.pages()).toEqual([
      '0 level 1 ana email sms',
      '15 level 3 cleo email sms',
      '30 level 3 cleo email sms',
    ]);
    expect(story.timeline()).toContain('15 page.held (nobody-on-call)');
  });
});

function failTicks(minutes: number[]): Inject {
  return ({ function: name, at }) =>
    name === 'tocsin-tick' && minutes.includes(Math.floor(minuteOf(at)))
      ? { kind: 'crash-before' }
      : undefined;
}
