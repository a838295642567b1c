/** A tiny world with one function that makes the call to AWS that it is told to. */
import { createVirtualWorld, type VirtualWorldOptions } from '../../local/virtual-world.ts';
import { type TinyFunction, writeAssembly } from '../support/tiny-assembly.ts';

export const START_MS = Date.UTC(2026, 0, 5, 3);

const CALLER = `
  import * as cloudwatch from '@aws-sdk/client-cloudwatch';
  import * as lambda from '@aws-sdk/client-lambda';
  import * as sns from '@aws-sdk/client-sns';
  import * as sqs from '@aws-sdk/client-sqs';
  import * as ssm from '@aws-sdk/client-ssm';
  import * as sts from '@aws-sdk/client-sts';
  const sdks = { CloudWatch: cloudwatch, Lambda: lambda, SNS: sns, SQS: sqs, SSM: ssm, STS: sts };
  export const handler = async ({ service, action, input }) => {
    const client = new sdks[service][service + 'Client']({ maxAttempts: 1 });
    try {
      const { $metadata, ...answer } = await client.send(new sdks[service][action + 'Command'](input));
      return answer;
    } catch (error) {
      return { refused: error.name, message: error.message };
    }
  };`;

const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };

type Caller = {
  resources?: Record<string, object>;
  statements?: object[];
  functions?: Record<string, TinyFunction>;
} & Pick<VirtualWorldOptions, 'keep'>;

/** What AWS answers, or `{ refused }` with the error's name. */
export type Answer = Record<string, unknown> & { refused?: string; message?: string };

export async function openCaller({
  resources = {},
  statements = [EVERYTHING],
  functions,
  keep,
}: Caller = {}) {
  const assembly = writeAssembly(
    { main: { Resources: resources } },
    { caller: { source: CALLER, statements }, ...functions },
  );
  const world = await createVirtualWorld({ assembly, startMs: START_MS, ...(keep ? { keep } : {}) });
  return {
    world,
    async call(service: string, action: string, input: object = {}): Promise<Answer> {
      const invocation = await world.invoke('caller', { service, action, input });
      if (invocation.kind === 'failed') throw new Error(invocation.errorMessage);
      return invocation.payload as Answer;
    },
  };
}
