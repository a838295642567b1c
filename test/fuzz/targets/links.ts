/** Links and their forms: forged tokens, buttons that no page has, numbers that are none. */
import { alertStore } from '../../../functions/alerts/alert.store.ts';
import { receiveSignal } from '../../../functions/alerts/receive-signal.ts';
import { doneAddress, readDone } from '../../../functions/console/answer-done.ts';
import {
  answerLink,
  type LinkPorts,
  type Pressed,
  type Shown,
  showLink,
} from '../../../functions/console/answer-link.ts';
import {
  renderAlertPage,
  renderBundlePage,
  renderRefusal,
  renderStormPage,
} from '../../../functions/console/answer-page.ts';
import { auditStore } from '../../../functions/doctor/audit.store.ts';
import { situationStore } from '../../../functions/holds/situation.store.ts';
import { classifySignal } from '../../../functions/intake/classify-signal.ts';
import { readSignal } from '../../../functions/intake/read-signal.ts';
import { renderVerification } from '../../../functions/paging/contacts-verification.ts';
import { linkStore } from '../../../functions/paging/link.store.ts';
import { alertId } from '../../../functions/shared/table.ts';
import { alarmEvent } from '../../support/cloudwatch-events.ts';
import { memoryTableOfTest } from '../../support/real-table.ts';
import type { Chance } from '../chance.ts';
import { checkHtml } from '../check-rendered.ts';
import { FUZZ_NOW, fuzzTeam } from '../fuzz-team.ts';
import { hostileText, KEYS } from '../hostile-values.ts';
import { type Outcome, promise, type Target } from '../target.ts';

export type LinkInput = {
  token: string;
  /** of the address */
  query: Record<string, string>;
  /** a form that was sent; without one the page is only shown */
  pressed?: Pressed | undefined;
};

/** Of one alert, of two, of a storm, of a test message. */
const TOKENS = ['1', '2', 's', 'v'].map((kind) => kind.repeat(22));

/** Answers pile up in a table: after so many inputs they meet a fresh one. */
const INPUTS_PER_TABLE = 500;

const MALFORMED = /^(?![\w-]{22}$)/;

let left = 0;
let ports: LinkPorts;

async function freshPorts(): Promise<LinkPorts> {
  const table = await memoryTableOfTest();
  const alerts = alertStore(table);
  const links = linkStore(table);
  const opened = [];
  for (const name of ['orders', `<b>"disk"</b>'&\u202e`]) {
    const reading = readSignal(JSON.stringify(alarmEvent({ alarmName: name })));
    promise(reading.kind === 'signal', 'the sample is a signal');
    const signal = classifySignal(reading.signal, fuzzTeam);
    const decision = receiveSignal(undefined, alertId(signal.dedupKey), signal, FUZZ_NOW, fuzzTeam);
    promise(decision.kind === 'changed', 'the sample opens an alert');
    await alerts.write(decision.alert);
    opened.push({ id: decision.alert.id, openedAt: decision.alert.openedAt });
  }
  const link = { responder: 'ana', sentAt: FUZZ_NOW, alerts: opened };
  const storm = { severity: 'critical' as const, alerts: 2, services: [], until: FUZZ_NOW };
  await links.put(TOKENS[0]!, { ...link, alerts: opened.slice(0, 1) });
  await links.put(TOKENS[1]!, link);
  await links.put(TOKENS[2]!, { ...link, storm });
  await links.put(TOKENS[3]!, { ...link, alerts: [], verify: { responder: 'ana', channel: 'sms' } });
  return {
    alerts,
    links,
    audits: auditStore(table),
    situation: situationStore(table),
    due: { enqueue: async () => {} } as LinkPorts['due'],
    operations: fuzzTeam,
    nowMs: () => FUZZ_NOW + 1_000,
    warn: (message, error) => {
      throw new Error(message, { cause: error });
    },
  };
}

function make(chance: Chance): LinkInput {
  const known = chance.pick(TOKENS);
  const token = chance.isOne(0.5)
    ? known
    : chance.pick([
        hostileText(chance),
        `${known}x`,
        known.slice(1),
        known.replace(/.$/, '\n'),
        '_'.repeat(22),
      ]);
  const word = () =>
    chance.isOne(0.7)
      ? chance.pick(['acknowledge', 'resolve', 'escalate', 'snooze', 'arrived'])
      : hostileText(chance);
  const query = Object.fromEntries([
    ['done', word()],
    ['as', chance.pick(['done', 'nothing-to-do', hostileText(chance)])],
    ['at', chance.pick([String(FUZZ_NOW), hostileText(chance)])],
    ['of', hostileText(chance)],
    [chance.pick(KEYS), hostileText(chance)],
  ]);
  if (chance.isOne(0.3)) return { token, query };
  const number = () =>
    chance.pick([undefined, 60, Number(hostileText(chance)), Number.NaN, Number.POSITIVE_INFINITY]);
  const action = chance.pick([
    word(),
    `${word()}:${hostileText(chance)}`,
    `${word()}:${alertId(hostileText(chance))}`,
  ]);
  const pressed = { action, seenPages: number(), minutes: number(), reason: hostileText(chance) };
  return { token, query, pressed };
}

async function feed({ token, query, pressed }: LinkInput): Promise<Outcome> {
  if (left-- <= 0) {
    ports = await freshPorts();
    left = INPUTS_PER_TABLE;
  }
  if (pressed) {
    const answered = await answerLink(token, pressed, ports);
    if (answered.kind === 'done') {
      const address = doneAddress(token, answered.done);
      promise(
        address.startsWith('/a/') && /^[\x21-\x7e]{1,400}$/.test(address),
        'it is sent on to a page of ours',
      );
      return 'accepted';
    }
    return check(answered, token);
  }
  return check(await showLink(token, ports, readDone(query, ports.nowMs())), token);
}

function check(shown: Shown, token: string): Outcome {
  const context = { token, nowMs: ports.nowMs(), operations: fuzzTeam };
  if (shown.kind === 'refused') {
    const { statusCode, body } = renderRefusal(shown.refusal);
    promise(statusCode >= 400 && statusCode < 500, 'a refusal is a 4xx');
    checkHtml(body);
    return 'refused';
  }
  promise(!MALFORMED.test(token) && TOKENS.includes(token), 'only who holds a link is shown anything');
  if (shown.kind === 'alert') checkHtml(renderAlertPage({ ...shown, ...context }));
  if (shown.kind === 'bundle') checkHtml(renderBundlePage({ ...shown, ...context }));
  if (shown.kind === 'storm') checkHtml(renderStormPage({ ...shown, ...context }));
  if (shown.kind === 'verification') checkHtml(renderVerification(shown.shown, shown.verify, token).body);
  return 'accepted';
}

export const links: Target<LinkInput> = {
  name: 'links',
  share: 12,
  make,
  feed,
  families: {
    'a long token': (size) => ({ token: 'a'.repeat(size * 10), query: {} }),
    'a long reason': (size) => ({
      token: TOKENS[1]!,
      query: {},
      pressed: { action: 'snooze', minutes: 60, reason: 'a\u202e '.repeat(size) },
    }),
  },
};
