import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openInbox } from '../../local/console/inbox.ts';
import { clockControl, type WorldTime, worldControl } from '../../local/console/world-control.ts';
import { createVirtualWorld } from '../../local/virtual-world.ts';
import type { World } from '../../local/world.ts';
import { getAtt, ref, removeAssemblies, writeAssembly } from '../support/tiny-assembly.ts';

const START_MS = Date.UTC(2026, 0, 5, 3);
const PHONE = '+12025550101';

const RESOURCES = {
  Topic: {
    Type: 'AWS::SNS::Topic',
    Properties: {
      TopicName: 'tocsin-responder-ana',
      Subscription: [{ Protocol: 'email', Endpoint: 'ana@example.com' }],
    },
  },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'heard' } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.cloudwatch'] },
      Targets: [{ Id: 't', Arn: getAtt('Queue') }],
    },
  },
  Policy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref('Queue')],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }] },
    },
  },
};

type Told = Record<string, unknown>;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-control-'));
});
afterAll(() => {
  removeAssemblies();
  rmSync(folder, { recursive: true });
});

let world: Awaited<ReturnType<typeof createVirtualWorld>>;
let files = 0;
let ask: (
  method: string,
  path: string,
  body?: unknown,
  type?: string,
) => Promise<{ status: number; body: Told }>;

beforeEach(async () => {
  const env = { RESPONDER_TOPIC_ARN_PREFIX: 'arn:aws:sns:eu-west-1:123456789012:tocsin-responder-' };
  const assembly = writeAssembly(
    { main: { Resources: structuredClone(RESOURCES) } },
    { f: { source: 'export const handler = async () => 1;', env } },
  );
  world = await createVirtualWorld({ assembly, startMs: START_MS });
  files += 1;
  const inbox = openInbox(join(folder, `inbox-${files}.jsonl`));
  world.onMessage(inbox.add);
  const time: WorldTime = {
    clock: 'stepped',
    speed: 0,
    advance: (until) => world.advanceTo(until(world.nowMs())),
  };
  const control = worldControl({ inbox, time });
  const controlClock = clockControl(time);
  ask = async (method, path, body, type = 'application/json') => {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const request = { method, path, headers: { 'content-type': type }, body: text };
    const answer = (await controlClock(request, world as World)) ?? (await control(request, world as World));
    return { status: answer?.status ?? 0, body: answer && JSON.parse(answer.body) };
  };
});

const post = (path: string, body: unknown) => ask('POST', path, body);
const heard = () =>
  world
    .queue('heard')
    .messages()
    .map(({ body }) => JSON.parse(body))
    .map(({ 'detail-type': type, detail }) => [
      type.replace('CloudWatch Alarm ', ''),
      detail.alarmName,
      detail.state.value,
    ]);

describe('/world/clock', () => {
  it('tells the time, moves it by a duration or to a moment, and never back', async () => {
    const told = { nowMs: START_MS, now: '2026-01-05T03:00:00.000Z', clock: 'stepped', speed: 0 };
    expect((await ask('GET', '/world/clock')).body).toEqual(told);
    expect((await post('/world/clock', { advance: '1h30m' })).body.now).toBe('2026-01-05T04:30:00.000Z');
    expect((await post('/world/clock', { to: '2026-01-06T00:00:00Z' })).body.now).toBe(
      '2026-01-06T00:00:00.000Z',
    );
    expect(await post('/world/clock', { to: '2026-01-05T00:00:00Z' })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('there is no way back') },
    });
  });

  it.each([[{ advance: 'soon' }], [{ advance: 900 }], [{ forward: '15m' }], [{}], ['15m']])(
    'answers %j with 400, and what to send',
    async (body) => {
      expect(await post('/world/clock', body)).toMatchObject({
        status: 400,
        body: { send: { advance: '15m' } },
      });
      expect(world.nowMs()).toBe(START_MS);
    },
  );

  it('does not move a clock that runs', async () => {
    const run = clockControl({ clock: 'real', speed: 1 });
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', path: '/world/clock', headers, body: '{"advance":"15m"}' };
    const answer = await run(request, world as World);
    expect([answer?.status, answer?.body]).toEqual([
      400,
      expect.stringContaining('start with --clock stepped'),
    ]);
  });
});

describe('/world/alarms', () => {
  it('fires one alarm, a list of them, and deletes one', async () => {
    expect(await post('/world/alarms', { alarmName: 'cpu', state: 'ALARM' })).toEqual({
      status: 200,
      body: { alarms: 1 },
    });
    await post('/world/alarms', [
      { alarmName: 'disk', state: 'ALARM', tags: { team: 'shop' }, threshold: { operator: '>', value: 5 } },
      { alarmName: 'cpu', state: 'OK', reason: 'calm' },
    ]);
    await post('/world/alarms', { alarmName: 'disk', state: 'deleted' });
    expect(heard()).toEqual([
      ['State Change', 'cpu', 'ALARM'],
      ['State Change', 'disk', 'ALARM'],
      ['State Change', 'cpu', 'OK'],
      ['Configuration Change', 'disk', 'ALARM'],
    ]);
  });

  it('changes nothing when one of a list is wrong, and says which', async () => {
    const answer = await post('/world/alarms', [
      { alarmName: 'cpu', state: 'ALARM' },
      { alarmName: 'disk', stat: 'ALARM' },
    ]);
    expect(answer).toMatchObject({
      status: 400,
      body: { send: { alarmName: 'checkout-errors', state: 'ALARM' } },
    });
    expect(answer.body.message).toContain('[1].state');
    expect(heard()).toEqual([]);
  });
});

describe('/world/phones and /world/sms', () => {
  const reason = () => {
    world.sms.change({});
    return world.sms.refusalOf(PHONE);
  };

  it('let a phone opt out, fail, and recover from either', async () => {
    await post('/world/phones', { number: PHONE, optedOut: true });
    expect(reason()).toBe('Phone number is opted out');
    await post('/world/phones', { number: PHONE, failing: 'off' });
    expect(await post('/world/phones', { number: PHONE, optedOut: false })).toEqual({
      status: 200,
      body: { number: PHONE, optedOut: false, failing: 'off' },
    });
    expect(reason()).toBe('off');
    await post('/world/phones', { number: PHONE, failing: null });
    expect(reason()).toBeUndefined();
  });

  it('let the account be in the sandbox, or out of money', async () => {
    await post('/world/sms', { sandbox: true });
    expect(reason()).toBe('Phone number is not verified in the SMS sandbox');
    await post('/world/sms', { verified: [PHONE] });
    expect(reason()).toBeUndefined();
    expect((await post('/world/sms', { monthlySpendLimitUsd: 1, spentUsd: 1 })).body).toEqual({
      sandbox: true,
      verified: [PHONE],
      monthlySpendLimitUsd: 1,
      spentUsd: 1,
    });
    expect(reason()).toBe('No quota left for account');
  });

  it.each([
    ['/world/phones', { number: '555' }],
    ['/world/phones', { number: PHONE, optedOut: 'yes' }],
    ['/world/sms', { spentUsd: -1 }],
    ['/world/sms', { limit: 5 }],
  ])('%s answers %j with 400', async (path, body) => {
    expect(await post(path, body)).toMatchObject({ status: 400, body: { send: expect.any(Object) } });
  });
});

describe('/world/subscriptions and /world/inbox', () => {
  it('let a subscription be pending, which asks again by email, and be deleted', async () => {
    expect(await post('/world/subscriptions', { responder: 'ana', state: 'pending' })).toEqual({
      status: 200,
      body: { changed: 1 },
    });
    world.publish('tocsin-responder-ana', { body: 'hello' });
    const { body: messages } = await ask('GET', '/world/inbox');
    expect(messages).toMatchObject([
      { number: 1, subject: 'AWS Notification - Subscription Confirmation', delivered: true },
      { number: 2, body: 'hello', delivered: false, dropReason: 'the subscription is not confirmed' },
    ]);
    const one = { endpoint: 'ana@example.com', topic: 'tocsin-responder-ana' };
    await post('/world/subscriptions', { ...one, state: 'confirmed' });
    world.publish('tocsin-responder-ana', { body: 'again' });
    await post('/world/subscriptions', { ...one, state: 'deleted' });
    world.publish('tocsin-responder-ana', { body: 'to nobody' });
    expect((await ask('GET', '/world/inbox?since=2')).body).toMatchObject([{ number: 3, delivered: true }]);
    expect((await ask('GET', '/world/inbox?since=3')).body).toEqual([]);
  });

  it('know no subscription of zoe, and no message before the first', async () => {
    const unknown = await post('/world/subscriptions', { responder: 'zoe', state: 'pending' });
    expect(unknown).toMatchObject({ status: 400, body: { message: 'no email is subscribed there' } });
    expect((await ask('GET', '/world/inbox?since=-1')).status).toBe(400);
  });
});

describe('a page elsewhere', () => {
  it('cannot make a browser let things happen: what a form may post is refused', async () => {
    const body = JSON.stringify({ alarmName: 'cpu', state: 'ALARM' });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', ''])
      expect((await ask('POST', '/world/alarms', body, type)).status).toBe(400);
    expect(heard()).toEqual([]);
  });

  it('finds nothing at another path, and the installation has all that is not /world/', async () => {
    expect((await ask('POST', '/world/reset', {})).status).toBe(404);
    expect((await ask('GET', '/world/alarms')).status).toBe(404);
    expect((await ask('POST', '/v2/enqueue', {})).status).toBe(0);
  });
});
