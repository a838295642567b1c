/** A story in which one call to AWS goes wrong, told by what people received and by what is left over. */
import type { Fault, SdkCall } from '../../local/aws/gate.ts';
import type { EditTemplate } from '../../local/template.ts';
import { readMessage } from './received.ts';
import { minuteOf, type Scenario, scenario } from './scenario.ts';

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

/**
 * Audits of contacts page nobody here. They would shift the numbers of the calls that do, and the walk over open alerts that
 * the first of them asks for finds at minute 15 what a tick has missed.
 */
export const withoutAudits: EditTemplate = ({ Resources }) => {
  for (const id of Object.keys(Resources).filter((one) => /^Ops(Escalation)?AuditEach/.test(one)))
    delete Resources[id];
};

/** The first tick has nobody beside it. */
export const withFirstTickAlone: EditTemplate = (template) => {
  withoutAudits(template);
  const { Resources } = template;
  for (const id of Object.keys(Resources).filter((one) => /^OpsSecondTickEach/.test(one)))
    delete Resources[id];
};

export type RecordedCall = { n: number; name: string };

/** The calls of what pages to AWS until level 2 is paged, as the world recorded them where nothing went wrong. */
export async function recordCalls(): Promise<RecordedCall[]> {
  const story = await scenario({ edit: withoutAudits });
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
  const inject = (call: SdkCall) => (call.n === n ? fault : undefined);
  const story = await scenario({ edit: withoutAudits, inject });
  story.alarm(0, 'cpu');
  await story.runTo(UNTIL + LATE_MOST_MINUTES + 1);
  const wrong = wrongPages(story, fault);
  const hit = story.world.calls.find((call) => call.n === n);
  if (!hit?.outcome || nameOf(hit) !== name) wrong.push(`call ${n} was another one`);
  return [...wrong, ...story.unfinished()].map((line) => `${fault.kind} of ${n} (${name}): ${line}`);
}

/**
 * Tells the story with every call of the audits going wrong.
 * @returns what is wrong with how it went, or that no audit called
 */
export async function tellWithSickAudits(fault: Fault): Promise<string[]> {
  const story = await scenario({
    inject: ({ function: name }) => (name === 'tocsin-audit' ? fault : undefined),
  });
  story.alarm(0, 'cpu');
  await story.runTo(UNTIL);
  const isHit = story.world.calls.some(({ outcome }) => outcome === fault.kind);
  return [...wrongPages(story, fault), ...(isHit ? [] : ['no audit called']), ...story.unfinished()];
}

function wrongPages(story: Scenario, fault: Fault): string[] {
  const timeline = story.timeline();
  const arrivals = (page: string) =>
    story.world.messages
      .filter((message) => `${readMessage(message).what} ${message.channel}` === page)
      .map(({ at }) => minuteOf(at));

  const repeated = Object.keys(OWED).filter((page) => arrivals(page).length > 1);
  const tooMany = repeated.length > 1 ? [`one fault repeated ${repeated.join(' and ')}`] : [];
  return Object.entries(OWED)
    .flatMap(([page, minute]) => {
      const [first, ...repeats] = arrivals(page);
      const contact = page.split(' ').slice(2).join(' ');
      const isTold = timeline.some((line) => line.includes(`page.retried ${contact}`));
      return [
        ...(first === undefined ? [`${page} is missing`] : []),
        ...(first !== undefined && first - minute > LATE_MOST_MINUTES ? [`${page} came at ${first}`] : []),
        ...(repeats.length > 1 ? [`${page} came ${repeats.length + 1} times`] : []),
        ...(repeats.length > 0 && isCrash(fault) && !isTold ? [`the timeline has no retry of ${page}`] : []),
      ];
    })
    .concat(tooMany);
}

/** The function is gone. Otherwise the SDK itself may have repeated a publish whose answer was lost. */
function isCrash({ kind }: Fault): boolean {
  return kind === 'crash-before' || kind === 'crash-after';
}

function nameOf({ function: name, service, action, input }: SdkCall): string {
  return [name, service, action, input.PhoneNumber ? 'sms' : ''].join(' ').trim();
}
