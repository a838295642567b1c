/** A folder with all that the bench starts: each function as it is deployed, and bare bundles built the same way. */
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { AnswerEnv, OperateEnv } from '../functions/console/contract.ts';
import type { AuditEnv } from '../functions/doctor/contract.ts';
import type { IntakeEnv } from '../functions/intake/contract.ts';
import { defineOperations } from '../functions/operations/define-operations.ts';
import { serializeOperations } from '../functions/operations/load-operations.ts';
import type { PageEnv } from '../functions/paging/contract.ts';
import type { TickEnv } from '../functions/tick/contract.ts';
import { BUNDLE_OPTIONS, buildBundles } from '../lib/build-bundles.ts';
import { type BundleName, bundleFile, HANDLERS, PROJECT } from '../lib/bundles.ts';

export const BUNDLE_NAMES = Object.keys(HANDLERS) as BundleName[];

/** The environment of every function at once, and nothing of this machine's: no credentials, no NODE_OPTIONS. */
export const ENVIRONMENT: IntakeEnv &
  PageEnv &
  TickEnv &
  AnswerEnv &
  OperateEnv &
  AuditEnv &
  Record<string, string> = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  TABLE_NAME: 'tocsin',
  DUE_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/tocsin-due',
  DUE_DEAD_LETTER_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/tocsin-due-dead-letters',
  INTAKE_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/tocsin-intake',
  INTAKE_DEAD_LETTER_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/tocsin-intake-dead-letters',
  RESPONDER_TOPIC_ARN_PREFIX: 'arn:aws:sns:eu-west-1:123456789012:tocsin-responder-',
  WATCHERS_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:tocsin-watchers',
  ANSWER_URL: 'https://answers.example.com',
  CODE_VERSION: 'bench',
};

/** The environment of functions that reach AWS at an address: the URL of a queue names its host by itself. */
export function environmentAt(address: string): Record<string, string> {
  const moved = Object.entries(ENVIRONMENT).map(([key, value]) => [
    key,
    value.replace('https://sqs.eu-west-1.amazonaws.com', address),
  ]);
  return { ...Object.fromEntries(moved), AWS_ENDPOINT_URL: address };
}

/** One responder with both channels: two pages at level 1. */
export const OPERATIONS = defineOperations({
  responders: { ana: { name: 'Ana Ruiz', email: 'ana@example.com', phone: '+12025550101' } },
});

/** What a bare function writes to have a client: the options are those of the functions. */
const CLIENTS = {
  table: `import { openTable } from './functions/shared/table.store.ts'; export const table = openTable('tocsin');`,
  queues: `import { openQueueClient } from './functions/shared/due-queue.ts'; export const queues = openQueueClient();
    export { SendMessageBatchCommand } from '@aws-sdk/client-sqs';`,
  sns: `import { openSnsClient } from './functions/paging/sns.sender.ts'; export const sns = openSnsClient();
    export { PublishCommand } from '@aws-sdk/client-sns';`,
  cloudwatch: `import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
    export { DescribeAlarmsCommand, ListAlarmMuteRulesCommand } from '@aws-sdk/client-cloudwatch';
    export const cloudwatch = new CloudWatchClient({ requestHandler: { connectionTimeout: 1_000 } });`,
  lambda: `import { LambdaClient } from '@aws-sdk/client-lambda';
    export { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
    export const lambda = new LambdaClient({ requestHandler: { connectionTimeout: 1_000 } });`,
};

const CLIENTS_OF: Record<BundleName, readonly (keyof typeof CLIENTS)[]> = {
  intake: ['table', 'queues', 'sns'],
  page: ['table', 'queues', 'sns', 'cloudwatch'],
  tick: ['table', 'queues'],
  'second-tick': ['table', 'queues'],
  'escalation-audit': ['table', 'queues'],
  answer: ['table', 'queues'],
  operate: ['table', 'queues', 'sns'],
  webhook: ['table', 'queues'],
  audit: ['table', 'queues', 'sns', 'cloudwatch', 'lambda'],
  delivery: ['table', 'queues', 'sns'],
};

export type Workshop = {
  directory: string;
  /** by function: its bundle with operations.json beside it, and one that loads its SDK clients and nothing else */
  bundles: Record<BundleName, { real: string; bare: string }>;
  bareHandler: string;
  eventRunner: string;
  tickRunner: string;
  awsStub: string;
  alertmanagerHandler: string;
};

/** The caller removes the directory. */
export async function openWorkshop(): Promise<Workshop> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
  await buildBundles();
  const bundles = {} as Workshop['bundles'];
  for (const name of BUNDLE_NAMES) {
    const source = CLIENTS_OF[name].map((client) => CLIENTS[client]).join('\n');
    bundles[name] = {
      real: stageBundle(name, join(directory, name)),
      bare: await bundle({ contents: source, resolveDir: PROJECT }, join(directory, `bare-${name}.mjs`)),
    };
  }
  const bundleOwn = (name: string) =>
    bundle(
      { contents: `export * from './bench/${name}.ts'`, resolveDir: PROJECT },
      join(directory, `${name}.mjs`),
    );
  return {
    directory,
    bundles,
    bareHandler: await bundleOwn('bare-handler'),
    eventRunner: await bundleOwn('event-runner'),
    tickRunner: await bundleOwn('tick-runner'),
    awsStub: await bundleOwn('aws-stub'),
    alertmanagerHandler: await bundleOwn('alertmanager-handler'),
  };
}

function stageBundle(name: BundleName, directory: string): string {
  mkdirSync(directory);
  writeFileSync(join(directory, 'operations.json'), serializeOperations(OPERATIONS));
  copyFileSync(bundleFile(name), join(directory, 'index.mjs'));
  return join(directory, 'index.mjs');
}

/** Built as the functions are. @returns the file */
async function bundle(stdin: { contents: string; resolveDir: string }, outfile: string): Promise<string> {
  await build({
    stdin: { ...stdin, loader: 'ts' },
    outfile,
    ...BUNDLE_OPTIONS,
  });
  return outfile;
}
