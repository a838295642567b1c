/** A cloud assembly made by hand: a small template, and functions of a few lines as real bundles. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

export type TinyFunction = {
  /** TypeScript that exports `handler` */
  source: string;
  statements?: object[];
  env?: Record<string, unknown>;
  timeoutS?: number;
};

export type TinyStack = { Resources: Record<string, object>; Outputs?: Record<string, object> };

const created: string[] = [];

/** Writes the stacks and the bundles of the functions; `Fn-NAME` is a function's logical id, NAME its name. */
export function writeAssembly(
  stacks: Record<string, TinyStack>,
  functions: Record<string, TinyFunction> = {},
): string {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-tiny-'));
  created.push(directory);
  const artifacts: Record<string, object> = {};
  const files: Record<string, object> = {};
  const [mainStack] = Object.keys(stacks);
  for (const [name, fn] of Object.entries(functions)) {
    mkdirSync(join(directory, `asset.${name}`));
    writeFileSync(join(directory, `asset.${name}`, 'index.mjs'), bundle(fn.source));
    files[name] = { source: { path: `asset.${name}`, packaging: 'zip' } };
    Object.assign(stacks[mainStack!]!.Resources, functionResources(name, fn));
  }
  for (const [name, stack] of Object.entries(stacks)) {
    writeFileSync(join(directory, `${name}.template.json`), JSON.stringify(stack));
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      properties: { templateFile: `${name}.template.json` },
    };
  }
  writeFileSync(join(directory, 'main.assets.json'), JSON.stringify({ files }));
  artifacts['main.assets'] = { type: 'cdk:asset-manifest', properties: { file: 'main.assets.json' } };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ artifacts }));
  return directory;
}

/** Call it after the tests of a file. */
export function removeAssemblies(): void {
  for (const directory of created.splice(0)) rmSync(directory, { recursive: true, force: true });
}

export const getAtt = (id: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [id, attribute] });
export const ref = (id: string) => ({ Ref: id });

/** A queue that the function consumes. */
export function consumedQueue(
  name: string,
  properties: object = {},
  mapping: object = {},
): Record<string, object> {
  return {
    [`Queue-${name}`]: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: name, VisibilityTimeout: 60, ...properties },
    },
    [`Mapping-${name}`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: getAtt(`Queue-${name}`),
        FunctionName: ref('Fn-consumer'),
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ...mapping,
      },
    },
  };
}

export const RECEIVER = {
  Effect: 'Allow',
  Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  Resource: '*',
};

function functionResources(name: string, { statements = [], env = {}, timeoutS = 10 }: TinyFunction) {
  return {
    [`Role-${name}`]: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
    [`Policy-${name}`]: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [ref(`Role-${name}`)], PolicyDocument: { Statement: statements } },
    },
    [`Fn-${name}`]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: name,
        Role: getAtt(`Role-${name}`),
        Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
        Environment: { Variables: env },
        Timeout: timeoutS,
      },
    },
  };
}

const bundles = new Map<string, string>();

/** With the options of lib/bundles.ts that matter when a bundle is loaded. */
function bundle(source: string): string {
  const before = bundles.get(source);
  if (before !== undefined) return before;
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    write: false,
    logLevel: 'error',
  });
  const text = outputFiles[0]!.text;
  bundles.set(source, text);
  return text;
}
