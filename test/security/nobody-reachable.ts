/** Half an hour in which nobody can be reached: whichever function finds that out tells the watchers' topic. */
import { type Scenario, scenario } from '../support/scenario.ts';

const NUMBERS = ['+12025550101', '+12025550102', '+12025550103', '+12025550104'];

export async function nobodyReachable(): Promise<Scenario> {
  const story = await scenario({ team: 'explained' });
  const { world } = story;
  const { region, account } = world.place;
  for (const name of ['ana', 'ben', 'cleo', 'dan'])
    void story.at(
      1,
      () =>
        void world.subscriptions.put(`arn:aws:sns:${region}:${account}:tocsin-responder-${name}`, 'deleted'),
    );
  // Ana's number takes messages, as far as an audit can see.
  const [ana = '', ...others] = NUMBERS;
  void story.at(1, () => world.sms.change({ optedOut: others, failing: { [ana]: 'Phone has blocked SMS' } }));
  // The delivery report finds nobody else.
  story.alarm(6, 'cpu');
  // Intake finds nobody, and the due queue's consumer at level 2 does.
  story.alarm(8, 'disk');
  await story.runTo(30);
  return story;
}
