/** No number, address, token or key in any log, error, metric, dead letter or refusal, whatever goes wrong. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from '../../functions/intake/contract.ts';
import { openLog } from '../../functions/shared/log.ts';
import { redact } from '../../functions/shared/redact.ts';
import type { Inject, SdkCall } from '../../local/aws/gate.ts';
import { trigger } from '../intake/sample-webhooks.ts';
import { callFromOutside } from '../support/from-outside.ts';
import { rehearse } from '../support/rehearsal.ts';
import { assemblyOf, type Scenario, scenario } from '../support/scenario.ts';
import {
  addressesOf,
  answerOf,
  leaks,
  logsOf,
  type Secret,
  storedOf,
  tokensOf,
  type Written,
} from './written.ts';

/** A refusal keeps what comes after it from happening: so many stories are enough for each call to have had its own. */
const STORIES_MOST = 15;

/** Of the shape of each secret that Tocsin makes or is given. */
const PLANTED = {
  phone: '+447700900123',
  email: 'eve.adams@example.org',
  link: 'http://tocsin.local/a/Zm9vYmFyLWJhei1xdXV4MQ',
  token: 'Qx7_dk2PzLm0-aB9cD8eF1',
  integrationKey: 'k3Y0fS0meSend3rW1thLettersAndD1g',
  confirmation:
    'https://sns.eu-west-1.amazonaws.com/confirmation.html?TopicArn=arn:x&Token=2336412f37fb687f5d51e6e2',
  heartbeat: 'https://hc-ping.com/8f3c1b52-2f0e-4b7e-9a61-0b7f7f0c9d11',
};

const plantedSecrets: Secret[] = [
  { of: 'a planted phone', text: '447700900123' },
  { of: 'a planted email', text: PLANTED.email },
  { of: "a planted link's token", text: 'Zm9vYmFyLWJhei1xdXV4MQ' },
  { of: 'a planted token', text: PLANTED.token },
  { of: 'a planted key', text: PLANTED.integrationKey },
  { of: 'a planted confirmation', text: '2336412f37fb687f5d51e6e2' },
  { of: 'a planted heartbeat', text: '8f3c1b52-2f0e-4b7e-9a61-0b7f7f0c9d11' },
];

/** AWS's words for what it refuses, with all that it was sent: no real refusal says more. */
const quoting = (call: SdkCall) => ({
  kind: 'refuse' as const,
  code: 'InvalidParameter',
  message: `Invalid parameter: ${call.action} Reason: ${JSON.stringify(call.input)} is not valid`,
});

const nameOf = ({ function: name, service, action }: SdkCall) => `${name} ${service} ${action}`;

type Told = Awaited<ReturnType<typeof callFromOutside>>;

const secretsOf = (story: Scenario, key?: string): Secret[] => [
  ...addressesOf(),
  ...tokensOf(story),
  ...(key === undefined ? [] : [{ of: "a sender's key", text: key }]),
];

describe('what functions write', () => {
  let plain: Told;
  let refused: Told[];
  let missing: Set<string>;
  beforeAll(async () => {
    plain = await callFromOutside();
    refused = [];
    missing = new Set(plain.world.calls.filter((call) => call.function).map(nameOf));
    while (missing.size > 0 && refused.length < STORIES_MOST) {
      const inject: Inject = (call) => (missing.has(nameOf(call)) ? quoting(call) : undefined);
      const story = await callFromOutside({ inject });
      refused.push(story);
      for (const call of story.world.calls) if (call.outcome === 'refuse') missing.delete(nameOf(call));
    }
  }, 600_000);

  test('the stories have secrets of every kind, and people received them', () => {
    const secrets = secretsOf(plain, plain.senderKey);
    expect([...new Set(secrets.map(({ of }) => of.replace(/^\w+'s (phone|email)/, '$1')))]).toEqual([
      'phone',
      'email',
      'a link',
      'a confirmation',
      "a sender's key",
    ]);
    const received = plain.world.messages.map(({ to, body }) => ({ where: to, text: `${to} ${body}` }));
    expect(leaks(received, addressesOf()).length).toBeGreaterThan(3);
  });

  test('has none of them when all goes well', () => {
    expect(logsOf(plain).length).toBeGreaterThan(100);
    expect(leaks(logsOf(plain), secretsOf(plain, plain.senderKey))).toEqual([]);
  });

  test('has none of them when AWS refuses any call and quotes what it was sent', () => {
    expect([...missing]).toEqual([]);
    const hit = refused.flatMap(({ world }) => world.calls.filter(({ outcome }) => outcome === 'refuse'));
    const quoted = hit.filter(({ input }) => JSON.stringify(input).includes('1202555'));
    expect(quoted.length).toBeGreaterThan(0);
    expect(refused.flatMap((story) => leaks(logsOf(story), secretsOf(story, story.senderKey)))).toEqual([]);
  });

  test('has none of them when a role may not publish, and AWS names the number', async () => {
    const { story } = await rehearse(({ Resources }) => {
      for (const { Type, Properties } of Object.values(Resources)) {
        if (Type !== 'AWS::IAM::Policy') continue;
        const { PolicyDocument } = Properties as unknown as { PolicyDocument: { Statement: object[] } };
        PolicyDocument.Statement = PolicyDocument.Statement.filter((one) => !('NotResource' in one));
      }
    });
    const denied = story.world.calls.filter(({ outcome }) => outcome === 'AccessDeniedException');
    expect(denied.map(({ action }) => action)).toContain('Publish');
    expect(logsOf(story).some(({ text }) => text.includes('is not authorized'))).toBe(false);
    expect(leaks(logsOf(story), secretsOf(story))).toEqual([]);
    expect(leaks(storedOf(story), secretsOf(story))).toEqual([]);
  });

  test('the table and the queues have no token, no key, no address', () => {
    const stored = [plain, ...refused].flatMap((story) =>
      leaks(storedOf(story), secretsOf(story, story.senderKey)),
    );
    expect(stored).toEqual([]);
  });

  test('is searched: a planted leak is found, wherever it stands', () => {
    const [link] = tokensOf(plain);
    const planted: Written[] = [
      { where: 'the log of tocsin-page', text: `{"reason":"no answer of +12025550101"}` },
      { where: 'an email in a URL', text: 'GET /?to=ana%40example.com' },
      { where: 'a dead letter', text: `sent /a/${link!.text}` },
      { where: 'an answer', text: `key ${plain.senderKey} is wrong` },
      { where: 'nothing', text: 'a page was sent' },
    ];
    const found = leaks(planted, secretsOf(plain, plain.senderKey));
    expect(found.map((line) => line.replace(/:.*/, ''))).toEqual([
      "the log of tocsin-page has ana's phone",
      "an email in a URL has ana's email",
      'a dead letter has a link',
      "an answer has a sender's key",
    ]);
  });
});

describe('what senders, strangers and operators send', () => {
  const everything = Object.values(PLANTED).join(' ');

  /** Bodies that cannot be read, each with every secret where a reader may quote it. */
  const bodies: unknown[] = [
    everything,
    PLANTED.integrationKey,
    JSON.stringify(everything),
    [PLANTED.phone],
    { [PLANTED.email]: PLANTED.phone },
    { source: everything, 'detail-type': everything },
    {
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      detail: { alarmName: [everything] },
    },
    { source: 'aws.cloudwatch', 'detail-type': PLANTED.token, account: everything, time: PLANTED.phone },
    { NewStateValue: everything, AlarmName: PLANTED.phone, AlarmArn: PLANTED.heartbeat },
    { Type: 'Notification', TopicArn: everything, Message: everything },
    { Type: PLANTED.email, TopicArn: PLANTED.confirmation },
    { tocsin: { signal: { dedupKey: 7, title: everything, at: PLANTED.phone } } },
    { tocsin: { [PLANTED.token]: everything } },
  ];

  async function tell(): Promise<{ story: Scenario; answers: Written[] }> {
    const story = await scenario();
    const answers: Written[] = [];
    const request = (minute: number, what: string, path: string, body: unknown, authorization: string) =>
      void story.at(minute, async () => {
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        const headers = { 'content-type': 'application/json', authorization };
        const answer = await story.world.request({ method: 'POST', path, headers, body: text });
        if (answer.status >= 400) answers.push(answerOf(what, answer));
      });
    const ask = (minute: number, command: Record<string, unknown>) =>
      story.operate(minute, command).catch(() => undefined);

    const making = ask(0, { command: 'keys-add', name: 'grafana', by: 'cli:ana' });
    for (const body of bodies) story.signal(0.2, body);
    await story.runTo(0.5);
    const { secret } = (await making) as { secret: string };
    for (const body of bodies) {
      request(1, 'an event', PAGERDUTY_ROUTE, { ...Object(body), routing_key: secret }, '');
      request(1, 'a webhook', ALERTMANAGER_ROUTE, body, `Bearer ${secret}`);
      request(
        1,
        'a webhook of alerts',
        ALERTMANAGER_ROUTE,
        { alerts: [body, everything] },
        `Bearer ${secret}`,
      );
    }
    request(2, 'a stranger', PAGERDUTY_ROUTE, trigger({ routing_key: PLANTED.integrationKey }), '');
    request(2, 'a stranger', ALERTMANAGER_ROUTE, {}, `Bearer ${PLANTED.integrationKey}`);
    request(2, 'a stranger', ALERTMANAGER_ROUTE, {}, `Basic ${PLANTED.token}`);
    request(2, 'a stranger at a link', `/a/${PLANTED.token}`, everything, '');
    void story.at(2, async () => {
      answers.push(answerOf('a link that nobody was sent', await story.open(`/a/${PLANTED.token}`)));
    });
    void ask(3, { command: everything });
    void ask(3, { command: 'contacts-confirm', link: PLANTED.confirmation, by: 'cli:ana' });
    void ask(3, { command: 'contacts-verify', responder: PLANTED.phone, by: 'cli:ana' });
    void ask(3, { command: 'show', id: PLANTED.email });
    void ask(3, { command: 'keys-revoke', id: PLANTED.integrationKey, by: 'cli:ana' });
    for (const name of ['tocsin-audit', 'tocsin-delivery', 'tocsin-page', 'tocsin-tick'])
      void story.at(4, () => story.world.invoke(name, { audit: everything, awslogs: { data: everything } }));
    await story.runTo(10);
    return { story, answers };
  }

  test('is not in a log, an error, a dead letter or a refusal', async () => {
    const { story, answers } = await tell();
    const secrets = [...plantedSecrets, ...secretsOf(story)];
    expect(story.deadLetters('tocsin-intake').length).toBeGreaterThanOrEqual(bodies.length - 2);
    expect(answers.length).toBeGreaterThan(bodies.length);
    expect(leaks([...logsOf(story), ...answers], secrets)).toEqual([]);
  });
});

describe('redact', () => {
  test.each(Object.entries(PLANTED))('takes out a %s, wherever it stands', (_, secret) => {
    for (const text of [secret, `"${secret}"`, `(${secret}), and`, `{"a":"${secret}"}`, `is ${secret}.`])
      expect(leaks([{ where: text, text: redact(text) }], plantedSecrets)).toEqual([]);
  });

  test.each([
    'Page 3f9a1c0b7d24 of alert#9c2b5a3f0d1e4b77 event#1772420400000#00000012#0003 was sent at 2026-03-02T03:00:00.000+0000',
    'arn:aws:lambda:eu-west-1:123456789012:function:tocsin-page 8f3c1b52-2f0e-4b7e-9a61-123456789012',
    'ProvisionedThroughputExceededException: slow down; CPUUtilization >= 90.0 for 3 datapoints',
    'at /var/task/node_modules/@aws-sdk/client-sns/dist-es/index.js:1:2345',
    'https://wiki.example.com',
  ])('leaves %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('of a text of a megabyte, whatever it is made of, only the first 8,000 characters are looked at', () => {
    for (const unit of ['a', '1', 'a-', '+1', 'http://', ' @', 'a@', 'Aa', 'token="', '%40']) {
      const text = unit.repeat(1_000_000 / unit.length);
      expect(redact(text)).toMatch(/\(\d+ characters\)$/);
      expect(redact(text).length).toBeLessThan(40_000);
    }
  });
});

describe('the template', () => {
  const file = (stack: string) => join(assemblyOf('fourLevels'), `Tocsin${stack}.template.json`);
  const text = readFileSync(file('Operations'), 'utf8');
  const { Resources } = JSON.parse(text) as {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };
  const ofType = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);

  test('the access log names neither path nor caller', () => {
    const [stage] = ofType('AWS::ApiGatewayV2::Stage');
    const { Format } = stage!.Properties.AccessLogSettings as { Format: string };
    expect([...Format.matchAll(/\$context\.([\w.]+)/g)].map(([, name]) => name)).toEqual([
      'requestId',
      'requestTime',
      'routeKey',
      'status',
      'responseLatency',
      'error.message',
    ]);
  });

  test('nothing is traced: no function, no API, no grant for X-Ray', () => {
    expect(ofType('AWS::Lambda::Function').map(({ Properties }) => Properties.TracingConfig)).toEqual(
      ofType('AWS::Lambda::Function').map(() => undefined),
    );
    expect(text).not.toMatch(/xray|TracingEnabled/i);
  });

  test('no environment of a function has an address', () => {
    const environments = ofType('AWS::Lambda::Function').map(({ Properties }) => ({
      where: String(Properties.FunctionName),
      text: JSON.stringify(Properties.Environment),
    }));
    expect(environments.length).toBeGreaterThan(5);
    expect(leaks(environments, addressesOf())).toEqual([]);
  });
});

describe('openLog', () => {
  test('redacts nested texts, errors and their causes', () => {
    const lines: string[] = [];
    const log = openLog('test');
    const write = (line: string) => void lines.push(line);
    Object.assign((log as unknown as { console: Console }).console, { error: write, info: write });
    const cause = Object.assign(new Error(PLANTED.phone), { input: { to: [PLANTED.email] } });
    log.error(`no answer of ${PLANTED.phone}`, {
      error: new Error(PLANTED.link, { cause }),
      deep: [{ key: PLANTED.integrationKey }],
    });
    expect(lines).toHaveLength(1);
    expect(leaks([{ where: 'the line', text: lines[0]! }], plantedSecrets)).toEqual([]);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      message: 'no answer of [number]',
      deep: [{ key: '[key]' }],
    });
  });
});
