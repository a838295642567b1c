/** A story in which one call to AWS goes wrong, told by what people received and by what is left over. */
import type { Fault, SdkCall } from '../../local/aws/gate.ts';
import { readMessage } from './received.ts';
import { minuteOf, scenario } from './scenario.ts';

/** Whoever is late by more has not been paged. Source: design, Numbers to hold */
const LATE_MOST_MINUTES = 3;

/** Every page that the story owes, and its minute. */
const OWED: Record<string, number> = {
  'level 1 ana email': 0,
  'level 1 ana sms': 0,
  'level 2 ben email': 15,
  'level 2 ben sms': 15,
};
const UNTIL = 16;

export type RecordedCall = { n: number; name: string };

/** The calls of functions to AWS until level 2 is paged, as the world recorded them where nothing went wrong. */
export async function recordCalls(): Promise<RecordedCall[]> {
  const story = await scenario();
  story.alarm(0, 'cpu');
  await story.runTo(UNTIL);
  return story.world.calls.map((call) => ({ n: call.n, name: nameOf(call) }));
}

/**
 * Tells the story with that call going wrong, and some minutes more for what was lost.
 * @returns what is wrong with how it went: a page that is missing, late or came three times, a repeat that the
 *   timeline does not know of, something that is never finished
 */
export async function tellWithFault({ n, name }: RecordedCall, fault: Fault): Promise<string[]> {
  const story = await scenario({ inject: (call) => (call.n === n ? fault : undefined) });
  story.alarm(0, 'cpu');
  await story.runTo(UNTIL + LATE_MOST_MINUTES + 1);
  const timeline = story.timeline();
  const arrivals = (page: string) =>
    story.world.messages
      .filter((message) => `${readMessage(message).what} ${message.channel}` === page)
      .map(({ at }) => minuteOf(at));

  const wrong = Object.entries(OWED).flatMap(([page, minute]) => {
    const [first, ...repeats] = arrivals(page);
    const contact = page.split(' ').slice(2).join(' ');
    const isTold = timeline.some((line) => line.includes(`page.retried ${contact}`));
    return [
      ...(first === undefined ? [`${page} is missing`] : []),
      ...(first !== undefined && first - minute > LATE_MOST_MINUTES ? [`${page} came at ${first}`] : []),
      ...(repeats.length > 1 ? [`${page} came ${repeats.length + 1} times`] : []),
      ...(repeats.length > 0 && isCrash(fault) && !isTold ? [`the timeline has no retry of ${page}`] : []),
    ];
  });
  const hit = story.world.calls.find((call) => call.n === n);
  if (!hit?.outcome || nameOf(hit) !== name) wrong.push(`call ${n} was another one`);
  return [...wrong, ...story.unfinished()].map((line) => `${fault.kind} of ${n} (${name}): ${line}`);
}

/** The function is gone. Otherwise the SDK itself may have repeated a publish whose answer was lost. */
function isCrash({ kind }: Fault): boolean {
  return kind === 'crash-before' || kind === 'crash-after';
}

function nameOf({ function: name, service, action, input }: SdkCall): string {
  return [name, service, action, input.PhoneNumber ? 'sms' : ''].join(' ').trim();
}
