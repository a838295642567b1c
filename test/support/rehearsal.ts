/** Twelve minutes in which every grant of every function is needed: what people received, saw and were left with. */
import type { Command } from '../../functions/console/operate.ts';
import { messageOf } from '../../functions/shared/errors.ts';
import type { Inject } from '../../local/aws/gate.ts';
import type { EditTemplate } from '../../local/template.ts';
import { minuteOf, type Scenario, scenario } from './scenario.ts';

const MUTED = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm-mute-rule:release';

/** @returns the story, and one line per message, answer, dead letter, and thing that is stuck */
export async function rehearse(edit?: EditTemplate): Promise<{ story: Scenario; told: string[] }> {
  const story = await scenario({ team: 'explained', inject: trouble, ...(edit ? { edit } : {}) });
  return { story, told: await tell(story) };
}

async function tell(story: Scenario): Promise<string[]> {
  const answers: string[] = [];
  const say = (what: string, answer: Promise<unknown>) =>
    answer.then(
      (given) => answers.push(`${what}: ${JSON.stringify(given)}`),
      (error: unknown) => answers.push(`${what} failed: ${messageOf(error)}`),
    );
  const ask = (minute: number, command: Command) =>
    say(
      command.command,
      story.operate(minute, command).then(({ kind }) => kind),
    );

  story.alarm(0, 'cpu');
  story.signal(0, 'not an alarm');
  // Waits for Ana's slot.
  story.alarm(0.2, 'disk');
  // Asked about at 5, when it is still muted, and at 10.
  story.alarm(0, 'network', { suppressed: MUTED });
  story.alarm(7, 'network');
  story.alarm(2, 'memory');
  story.alarm(3.2, 'queue');
  void say(
    'press',
    story.press(4.5, 'escalate', 'ana sms').then(({ status }) => status),
  );
  await story.runTo(6);
  const id = story.lives().find(({ alert }) => alert.detail.title === 'cpu')?.alert.id ?? 'none';
  void ask(6.2, { command: 'list' });
  void ask(6.4, { command: 'show', id });
  void ask(6.6, { command: 'escalate', id, by: 'cli:root' });
  await story.runTo(12);
  return [
    ...story.pages(),
    ...answers,
    ...story.deadLetters('tocsin-intake').map(({ reason }) => `dead letter: ${reason}`),
    ...story.unfinished(),
  ];
}

/** What shows that a queue gives back in seconds, and that what is owed soon does not wait for the tick. */
const trouble: Inject = ({ function: name, service, action, at }) => {
  const within = (from: number) => minuteOf(at) >= from && minuteOf(at) < from + 0.05;
  switch (name) {
    case 'tocsin-intake':
      if (action === 'GetItem' && within(2)) return { kind: 'throttle' };
      return service === 'sns' && within(3.2) ? { kind: 'fail-before' } : undefined;
    case 'tocsin-page':
      if (action === 'GetItem' && within(10)) return { kind: 'throttle' };
      return service === 'sns' && within(4.5) ? { kind: 'fail-before' } : undefined;
    default:
      return undefined;
  }
};
