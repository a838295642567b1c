/** A Lambda function as Tocsin makes them all: its bundle, a role and a log group of its own, and no other grant. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type CfnPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type BundleName, bundleFile } from './bundles.ts';
import { giveReason } from './grant-reason.ts';

export type { LambdaFunction };

/** What every function of one installation shares. */
export type FunctionSettings = {
  /** begins the name of everything that has one */
  readonly prefix: string;
  /** the text of operations.json, staged beside each bundle */
  readonly operationsJson: string;
};

export type FunctionProps = FunctionSettings & {
  readonly bundle: BundleName;
  readonly description: string;
  /** @default 512 */
  readonly memoryMb?: number;
  /** @default FUNCTION_TIMEOUT; a consumer of a queue has no other */
  readonly timeout?: Duration;
};

/** Far above what a call takes, far below the queues' visibility timeout. Source: design, Queues */
export const FUNCTION_TIMEOUT = Duration.seconds(10);

export function createFunction(scope: Construct, props: FunctionProps): LambdaFunction {
  const functionName = `${props.prefix}-${props.bundle}`;
  const logGroup = new LogGroup(scope, 'Logs', {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  for (const write of logGroup.grantWrite(role).principalStatements)
    giveReason(role, write, {
      unused: 'Lambda writes the log with this role.',
      wide: 'Lambda names the streams of the group.',
    });
  const folder = stageCode(props);
  const fn = new LambdaFunction(scope, 'Function', {
    functionName,
    description: props.description,
    // Pinned: Runtime.NODEJS_LATEST moves by itself.
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(folder),
    handler: 'index.handler',
    memorySize: props.memoryMb ?? 512,
    timeout: props.timeout ?? FUNCTION_TIMEOUT,
    role,
    logGroup,
  });
  dependOnPolicyOnly(fn, role);
  // By now the assembly has its copy.
  rmSync(folder, { recursive: true });
  return fn;
}

/** CDK waits for the role and for its policy; the first goes without saying, and linters say so. */
function dependOnPolicyOnly(fn: LambdaFunction, role: Role): void {
  const policy = role.node.findChild('DefaultPolicy').node.defaultChild as CfnPolicy;
  (fn.node.defaultChild as CfnFunction).addOverride('DependsOn', [policy.logicalId]);
}

/** Sets what a contract asks for; a key that the contract does not name does not compile. */
export function setEnvironment<Env extends Record<string, string>>(
  fn: LambdaFunction,
  values: Partial<Env>,
): void {
  for (const [key, value] of Object.entries(values)) fn.addEnvironment(key, value);
}

/** Of a bundle and the procedures beside it: the same code in another installation has the same. */
export function versionOf(bundle: BundleName, { operationsJson }: FunctionSettings): string {
  return createHash('sha256')
    .update(readFileSync(bundleFile(bundle)))
    .update(operationsJson)
    .digest('hex')
    .slice(0, 16);
}

/** The bundle and operations.json in one folder for the asset: neither is fetched when the code runs. */
function stageCode({ bundle, operationsJson }: FunctionProps): string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-'));
  copyFileSync(bundleFile(bundle), join(folder, 'index.mjs'));
  writeFileSync(join(folder, 'operations.json'), operationsJson);
  return folder;
}
