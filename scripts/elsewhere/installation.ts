/** The table, queues and topics of the template at an endpoint, and the functions' bundles in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { BundleName } from '../../lib/bundles.ts';
import { synthesize } from '../../lib/synth-app.ts';
import { createTableRequest } from '../../local/dynamodb/table-definition.ts';
import { ofType, readAssembly } from '../../local/template.ts';
import { readFunctions, readTables } from '../../local/wire.ts';
import operations from '../week/team.ts';

export type Answer = { statusCode?: number; headers?: Record<string, string>; body?: string };

type Handler = (event: unknown, context: object) => Promise<unknown>;

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
const CONTEXT = {
  functionName: 'elsewhere',
  functionVersion: '1',
  memoryLimitInMB: '512',
  awsRequestId: 'elsewhere',
};

/** Where the topics' messages go that AWS would send as emails: an endpoint can be asked for these. */
const MAILBOX = 'elsewhere-mailbox';

export async function standUp(endpoint: string) {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    // The endpoint's, not this machine's: nothing here may reach an account.
    AWS_ACCESS_KEY_ID: 'elsewhere',
    AWS_SECRET_ACCESS_KEY: 'elsewhere',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // Logs by way of the console, where what is well is left out.
    POWERTOOLS_DEV: 'true',
  });
  console.log = console.info = () => {};
  const outdir = mkdtempSync(join(tmpdir(), 'tocsin-elsewhere-'));
  process.once('exit', () => rmSync(outdir, { recursive: true }));
  const { directory } = await synthesize({ operations, outdir, nag: false });
  const place = {
    account: ACCOUNT,
    region: REGION,
    endpoint: new URL(endpoint).origin,
    publicUrl: 'https://answers.example.com',
  };
  const assembly = readAssembly(directory, place);
  const [dynamodb, sqs, sns] = [new DynamoDBClient({}), new SQSClient({}), new SNSClient({})];

  const [table] = readTables(assembly);
  await dynamodb.send(new CreateTableCommand(createTableRequest(table!.name, table!.properties) as never));
  for (const { properties } of ofType(assembly.resources, 'AWS::SQS::Queue')) {
    await sqs.send(new CreateQueueCommand({ QueueName: String(properties.QueueName) }));
  }
  const { QueueUrl: mailbox = '' } = await sqs.send(new CreateQueueCommand({ QueueName: MAILBOX }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: mailbox, AttributeNames: ['QueueArn'] }),
  );
  for (const { properties } of ofType(assembly.resources, 'AWS::SNS::Topic')) {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: String(properties.TopicName) }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));
  }

  const handlers = new Map<string, Handler>();
  for (const { name, directory: code, env } of readFunctions(assembly)) {
    // A bundle reads its environment while it loads, and only then.
    Object.assign(process.env, env, { AWS_LAMBDA_FUNCTION_NAME: name });
    handlers.set(name, (await import(pathToFileURL(join(code, 'index.mjs')).href)).handler);
  }
  const invoke = (bundle: BundleName, event: unknown) => handlers.get(`tocsin-${bundle}`)!(event, CONTEXT);

  const receive = async (queueUrl: string) =>
    (
      await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, AttributeNames: ['All'] }),
      )
    ).Messages ?? [];
  const remove = (queueUrl: string, receipt = '') =>
    sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }));

  return {
    invoke,

    /** What a request to the HTTP API becomes, in payload format 2.0. */
    request: (bundle: BundleName, method: string, path: string, rest: object) =>
      invoke(bundle, {
        version: '2.0',
        routeKey: `${method} ${path}`,
        headers: {},
        requestContext: { http: { method, path } },
        isBase64Encoded: false,
        ...rest,
      }) as Promise<Answer>,

    /** Hands what lies in a queue to its consumer, until nothing is left that is visible. */
    async drain(queue: 'intake' | 'due'): Promise<void> {
      const queueUrl = `${place.endpoint}/${ACCOUNT}/tocsin-${queue}`;
      for (;;) {
        const messages = await receive(queueUrl);
        if (messages.length === 0) return;
        const Records = messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
          messageId: MessageId,
          receiptHandle: ReceiptHandle,
          body: Body,
          attributes: Attributes,
        }));
        const { batchItemFailures } = (await invoke(queue === 'intake' ? 'intake' : 'page', { Records })) as {
          batchItemFailures: { itemIdentifier: string }[];
        };
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        for (const { MessageId, ReceiptHandle } of messages) {
          if (!failed.has(MessageId ?? '')) await remove(queueUrl, ReceiptHandle);
        }
      }
    },

    /** What was published to topics since it was last asked for. */
    async messages(): Promise<string[]> {
      const bodies: string[] = [];
      for (;;) {
        const messages = await receive(mailbox);
        if (messages.length === 0) return bodies;
        for (const { Body = '', ReceiptHandle } of messages) {
          bodies.push((JSON.parse(Body) as { Message: string }).Message);
          await remove(mailbox, ReceiptHandle);
        }
      }
    },

    /** Of the SMS that were sent. */
    async messageIds(): Promise<string[]> {
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: table!.name }));
      return Items.flatMap(({ pk }) => /^message#(.+)/.exec(pk?.S ?? '')?.[1] ?? []);
    },
  };
}
