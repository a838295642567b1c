/** Ten minutes in which things were lost, by hand, for the escalation audit to find: a slot's turn, an alert's, letters. */
import { tocsinSignal, writeOwnMessage } from '../../functions/intake/own-signal.ts';
import { keys } from '../../functions/shared/table.ts';
import { type Scenario, scenario, TABLE } from '../support/scenario.ts';

export async function lostAndFound(): Promise<Scenario> {
  const story = await scenario({ team: 'explained' });
  const { world, tables } = story;
  const disarm = ({ pk, sk }: { pk: string; sk: string }) =>
    tables.handle('UpdateItem', {
      TableName: TABLE,
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: 'REMOVE dueAt, dueShard',
    });
  // Letters that can be read by now, and one that cannot.
  const deadLetters = (queue: string, body: string) => world.queue(`${queue}-dead-letters`).send(body);
  void story.at(1, () => {
    const at = world.nowMs();
    const signal = tocsinSignal({ key: 'letter', state: 'alarm', at, title: 'a letter that was dead' });
    deadLetters('tocsin-intake', writeOwnMessage({ signal }));
    deadLetters('tocsin-due', JSON.stringify({ ...keys.review, dueAt: at }));
    deadLetters('tocsin-due', 'no row');
  });
  // The second waits for Ana's slot, which forgets it; the first forgets its next level.
  story.alarm(2, 'cpu');
  story.alarm(2.2, 'disk');
  void story.at(2.5, () => {
    for (const channel of ['sms', 'email']) disarm(keys.slot('ana', channel));
    for (const { alert } of story.lives()) if (alert.detail.title === 'cpu') disarm(keys.alert(alert.id));
  });
  await story.runTo(11);
  return story;
}
