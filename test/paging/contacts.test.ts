import { beforeEach, describe, expect, it } from 'vitest';
import type { ListedContact } from '../../functions/console/commands.ts';
import { auditStore } from '../../functions/doctor/audit.store.ts';
import { recordVerdicts } from '../../functions/doctor/audit-record.ts';
import { situationStore } from '../../functions/holds/situation.store.ts';
import {
  type ContactsPorts,
  confirmContact,
  listContacts,
  verifyContact,
} from '../../functions/paging/contacts.ts';
import {
  confirmVerification,
  renderVerification,
  showVerification,
  VERIFICATION_MS,
} from '../../functions/paging/contacts-verification.ts';
import { linkStore } from '../../functions/paging/link.store.ts';
import { messageStore } from '../../functions/paging/message.store.ts';
import { judgeContacts } from '../../functions/paging/reachability.ts';
import { markReported } from '../../functions/paging/reachability-marks.ts';
import { slotStore } from '../../functions/paging/slot.store.ts';
import type { Message, SendResult } from '../../functions/paging/sns.sender.ts';
import { calm } from '../support/account-readings.ts';
import { realTables } from '../support/real-table.ts';
import { fourLevels } from '../support/teams.ts';

const NOON = Date.parse('2026-11-24T12:00:00Z');
const MINUTE_MS = 60_000;
const PREFIX = 'arn:aws:sns:eu-west-1:123456789012:tocsin-responder-';
const WATCHERS = 'arn:aws:sns:eu-west-1:123456789012:tocsin-watchers';
const freshTable = realTables();

type Stores = {
  audits: ReturnType<typeof auditStore>;
  situation: ReturnType<typeof situationStore>;
  links: ReturnType<typeof linkStore>;
  messages: ReturnType<typeof messageStore>;
};
let ports: ContactsPorts & Stores;
let nowMs: number;
let sent: { to: string; message: Message }[];
let refusal: Exclude<SendResult, { kind: 'sent' }> | undefined;
let confirmed: string[];

beforeEach(async () => {
  const table = await freshTable();
  nowMs = NOON;
  sent = [];
  refusal = undefined;
  confirmed = [];
  ports = {
    operations: fourLevels,
    audits: auditStore(table),
    situation: situationStore(table),
    slots: slotStore(table),
    links: linkStore(table),
    messages: messageStore(table),
    sender: {
      async send({ responder, channel }, message) {
        if (refusal) return refusal;
        sent.push({ to: `${responder} ${channel}`, message });
        return { kind: 'sent', messageId: `m-${sent.length}` };
      },
    },
    subscriptions: {
      async confirm(topicArn, token) {
        if (token === 'spent') return false;
        confirmed.push(`${topicArn} ${token}`);
        return true;
      },
    },
    topics: { responderTopicArnPrefix: PREFIX, watchersTopicArn: WATCHERS },
    answerUrl: 'https://answer.example.com',
    nowMs: () => nowMs,
  };
});

const contacts = async (): Promise<ListedContact[]> => {
  const answer = await listContacts(ports);
  return answer.kind === 'ok' && 'contacts' in answer ? answer.contacts : [];
};

describe('listContacts', () => {
  it('does not know any of 8 contacts before the first audit, and says so', async () => {
    const listed = await contacts();
    expect(listed.map(({ responder, channel }) => `${responder} ${channel}`)).toEqual([
      'ana sms',
      'ana email',
      'ben sms',
      'ben email',
      'cleo sms',
      'cleo email',
      'dan sms',
      'dan email',
    ]);
    expect(new Set(listed.map(({ state, reason }) => `${state}: ${reason}`))).toEqual(
      new Set(['unknown: not audited yet']),
    );
  });

  it('tells what the audit found, since when, and when it looked', async () => {
    const optedOut = { ...calm(fourLevels).optedOut, ana: { value: true } };
    const verdicts = judgeContacts(fourLevels, calm(fourLevels, { optedOut }));
    await ports.audits.change((record) => recordVerdicts(record, verdicts, NOON));
    await ports.audits.change((record) => recordVerdicts(record, verdicts, NOON + 5 * MINUTE_MS));
    const [ana, , ben] = await contacts();
    expect(ana).toMatchObject({ state: 'unreachable', since: NOON, checkedAt: NOON + 5 * MINUTE_MS });
    expect(ana?.advice).toContain('START');
    expect(ben).toMatchObject({ state: 'reachable', since: NOON });
  });

  it('tells of a delivery report before the next audit does', async () => {
    const verdicts = judgeContacts(fourLevels, calm(fourLevels));
    await ports.audits.change((record) => recordVerdicts(record, verdicts, NOON));
    await ports.situation.change((now) =>
      markReported(
        now,
        { responder: 'ben', channel: 'sms' },
        { reason: 'not delivered: blocked', sentAt: NOON },
        NOON,
      ),
    );
    expect((await contacts())[2]).toMatchObject({
      responder: 'ben',
      state: 'unreachable',
      reason: 'not delivered: blocked',
    });
  });
});

describe('verifyContact', () => {
  it('sends a test by SMS and by email, each with a link of its own', async () => {
    expect(await verifyContact({ responder: 'ana' }, ports)).toEqual({
      kind: 'ok',
      sent: [
        { responder: 'ana', channel: 'sms' },
        { responder: 'ana', channel: 'email' },
      ],
      failed: [],
    });
    expect(sent.map(({ to }) => to).sort()).toEqual(['ana email', 'ana sms']);
    const links = sent.map(({ message }) => tokenIn(message));
    expect(new Set(links).size).toBe(2);
    expect(sent.every(({ message }) => message.body.includes('othing is broken'))).toBe(true);
  });

  it('fits an SMS of 160 characters with the longest address of API Gateway', async () => {
    ports.answerUrl = 'https://abcdefghij.execute-api.ap-southeast-4.amazonaws.com';
    await verifyContact({ responder: 'ana', channel: 'sms' }, ports);
    expect(sent[0]!.message.body.length).toBeLessThanOrEqual(160);
  });

  it('takes the slot of the contact: a second test within 60 s is refused, one after it is sent', async () => {
    await verifyContact({ responder: 'ana', channel: 'sms' }, ports);
    nowMs += 59_000;
    expect(await verifyContact({ responder: 'ana', channel: 'sms' }, ports)).toMatchObject({
      sent: [],
      failed: [
        { responder: 'ana', channel: 'sms', reason: expect.stringContaining('within the last minute') },
      ],
    });
    nowMs += 1_000;
    expect(await verifyContact({ responder: 'ana', channel: 'sms' }, ports)).toMatchObject({ failed: [] });
    expect(sent).toHaveLength(2);
  });

  it('says what SNS refused, and leaves the slot free', async () => {
    refusal = { kind: 'undeliverable', reason: 'SNS: NotFoundException' };
    expect(await verifyContact({ responder: 'ana', channel: 'email' }, ports)).toMatchObject({
      failed: [{ channel: 'email', reason: 'SNS: NotFoundException' }],
    });
    refusal = undefined;
    expect(await verifyContact({ responder: 'ana', channel: 'email' }, ports)).toMatchObject({ failed: [] });
  });

  it('remembers an SMS, so that a report of its failure finds the contact', async () => {
    await verifyContact({ responder: 'ana', channel: 'sms' }, ports);
    expect(await ports.messages.read('m-1')).toMatchObject({ responder: 'ana', channel: 'sms', pages: [] });
  });

  it('names the nearest responder for one that nobody knows, and refuses a channel that a person lacks', async () => {
    expect(await verifyContact({ responder: 'anna' }, ports)).toEqual({
      kind: 'not-found',
      message: "operations.ts has no responder 'anna': did you mean 'ana'?",
    });
    ports.operations = { ...fourLevels, responders: { ana: { name: 'Ana', email: 'ana@example.com' } } };
    expect(await verifyContact({ responder: 'ana', channel: 'sms' }, ports)).toMatchObject({
      kind: 'rejected',
    });
    expect(sent).toEqual([]);
  });
});

describe('the page behind a test', () => {
  const linkOf = async () => {
    await verifyContact({ responder: 'ana', channel: 'sms' }, ports);
    const link = await ports.links.read(tokenIn(sent[0]!.message));
    return { ...link!, verify: link!.verify! };
  };

  it('asks without changing anything, and remembers the press', async () => {
    const link = await linkOf();
    expect(showVerification(link, nowMs)).toBe('asked');
    expect((await ports.audits.read()).verified).toEqual([]);
    nowMs += MINUTE_MS;
    expect(await confirmVerification(link, ports)).toBe('confirmed');
    expect((await contacts())[0]).toMatchObject({
      responder: 'ana',
      channel: 'sms',
      verifiedAt: NOON + MINUTE_MS,
    });
  });

  it('takes a second press for the same, of that contact only once', async () => {
    const link = await linkOf();
    await confirmVerification(link, ports);
    nowMs += MINUTE_MS;
    await confirmVerification(link, ports);
    expect((await ports.audits.read()).verified).toEqual([{ responder: 'ana', channel: 'sms', at: nowMs }]);
  });

  it('is over after 24 hours, and changes nothing any more', async () => {
    const link = await linkOf();
    nowMs += VERIFICATION_MS + 1;
    expect(showVerification(link, nowMs)).toBe('expired');
    expect(await confirmVerification(link, ports)).toBe('expired');
    expect((await ports.audits.read()).verified).toEqual([]);
  });

  it('has one form while it asks, and none after', () => {
    const render = (shown: 'asked' | 'confirmed' | 'expired') =>
      renderVerification(shown, { responder: 'ana', channel: 'sms' }, 'tok');
    expect(render('asked').body).toContain('<form method="post" action="/a/tok">');
    expect(render('asked').body).toContain('value="arrived"');
    for (const shown of ['confirmed', 'expired'] as const) expect(render(shown).body).not.toContain('<form');
    expect(['asked', 'confirmed', 'expired'].map((shown) => render(shown as 'asked').statusCode)).toEqual([
      200, 200, 410,
    ]);
  });
});

describe('confirmContact', () => {
  const token = 'a1b2c3'.repeat(40);
  const mailed = (topicArn: string) =>
    `https://sns.eu-west-1.amazonaws.com/confirmation.html?TopicArn=${topicArn}&Token=${token}&Endpoint=ana@example.com`;

  it.each([
    ['as AWS mails it', mailed(`${PREFIX}ana`)],
    [
      'as the API has it',
      `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${PREFIX}ana&Token=${token}`,
    ],
    ['encoded', mailed(encodeURIComponent(`${PREFIX}ana`))],
    ['copied with its markup and spaces', `  ${mailed(`${PREFIX}ana`).replaceAll('&', '&amp;')}\n`],
    [
      'of a local world',
      mailed(`${PREFIX}ana`).replace('https://sns.eu-west-1.amazonaws.com', 'http://127.0.0.1:4600'),
    ],
  ])('confirms a link %s', async (_, link) => {
    expect(await confirmContact({ link }, ports)).toEqual({ kind: 'ok', confirmed: 'the email of ana' });
    expect(confirmed).toEqual([`${PREFIX}ana ${token}`]);
  });

  it("confirms the watchers' topic", async () => {
    expect(await confirmContact({ link: mailed(WATCHERS) }, ports)).toEqual({
      kind: 'ok',
      confirmed: 'the watchers',
    });
  });

  it.each([
    ['a topic of somebody else', mailed('arn:aws:sns:eu-west-1:123456789012:billing')],
    ['a responder whom operations.ts does not have', mailed(`${PREFIX}zoe`)],
    ['the same name in another account', mailed(`${PREFIX}ana`.replace('123456789012', '210987654321'))],
    ['no token', mailed(`${PREFIX}ana`).replace(token, '')],
    ['an address of another kind', 'https://example.com/?x=1'],
    ['no address at all', 'Confirm subscription'],
  ])('refuses %s, and asks AWS nothing', async (_, link) => {
    const answer = await confirmContact({ link }, ports);
    expect(answer.kind).toBe('rejected');
    expect(confirmed).toEqual([]);
  });

  it('says what to do when AWS does not take the token, without repeating it', async () => {
    const answer = await confirmContact({ link: mailed(`${PREFIX}ana`).replace(token, 'spent') }, ports);
    expect(answer).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('tocsin doctor --fix'),
    });
    expect(JSON.stringify(answer)).not.toContain('spent');
  });
});

function tokenIn({ body }: Message): string {
  return /\/a\/([\w-]{22})/.exec(body)![1]!;
}
