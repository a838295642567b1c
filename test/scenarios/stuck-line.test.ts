import { describe, expect, it } from 'vitest';
import { keys } from '../../functions/shared/table.ts';
import { type Scenario, scenario, TABLE } from '../support/scenario.ts';

/** A row of Ana's line that no code of ours has written: whoever reads it fails. */
const UNREADABLE = { pk: keys.slot('ana', 'sms').pk, sk: `${keys.waitingPrefix}zzz` };

const put = ({ tables }: Scenario) =>
  void tables.handle('PutItem', {
    TableName: TABLE,
    Item: { pk: { S: UNREADABLE.pk }, sk: { S: UNREADABLE.sk }, alertId: { N: '5' } },
  });
const remove = ({ tables }: Scenario) =>
  void tables.handle('DeleteItem', {
    TableName: TABLE,
    Key: { pk: { S: UNREADABLE.pk }, sk: { S: UNREADABLE.sk } },
  });

const toldOfStuck = ({ world }: Scenario) =>
  world.messages.filter(({ body }) => body.includes('contact#ana#sms is stuck'));

describe('a line that cannot be read', () => {
  it('is stuck after 5 failures: the watchers are told, and when it is mended those who wait get their message', async () => {
    const story = await scenario();
    story.alarm(0, 'cpu');
    story.alarm(0.2, 'disk');
    void story.at(0.5, () => put(story));
    void story.at(5, () => remove(story));
    // Its turn is at minute 1, and fails after 0, 1, 3, 7 and 15 s.
    await story.runTo(1.5);
    expect(toldOfStuck(story).length).toBeGreaterThan(0);
    await story.runTo(13);
    // At 5 the audit's own alert of it; at 10.2 the page that waits comes into the line anew.
    expect(story.pages(1.5)).toEqual(['5 level 1 ana email', '10.2 level 1 ana sms']);
    expect(story.unfinished()).toEqual([]);
  });
});
