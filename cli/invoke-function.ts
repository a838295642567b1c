/** Invokes a function and waits for its answer, at most once: an escalation that is repeated pages two levels. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { messageOf, OpsError } from '../functions/shared/errors.ts';

/** After these waits it is asked again, when it was refused before it ran. */
const WAITS_MS = [500, 1_500];

/** The name of the error when the function itself failed. */
export const FUNCTION_FAILED = 'FunctionFailed';

/**
 * @param client   with `maxAttempts` 1: whether a lost answer's command was carried out, the SDK cannot know
 * @param explain  says what was refused, and what to do
 * @returns the parsed answer
 */
export async function invokeFunction(
  client: LambdaClient,
  functionName: string,
  payload: unknown,
  explain: (error: Error) => OpsError,
): Promise<unknown> {
  const answer = await invokeOnce(client, functionName, payload).catch((error: Error) => {
    throw explain(error);
  });
  const text = answer.Payload?.transformToString() ?? '';
  if (answer.FunctionError)
    throw explain(Object.assign(new Error(failureIn(text)), { name: FUNCTION_FAILED }));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OpsError('bug', `${functionName} answered no JSON: ${messageOf(cause)}`, { cause });
  }
}

async function invokeOnce(client: LambdaClient, functionName: string, payload: unknown) {
  for (const waitMs of WAITS_MS) {
    try {
      return await client.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payload) }),
      );
    } catch (error) {
      if (!wasRefused(error)) throw error;
      await sleep(waitMs);
    }
  }
  return client.send(new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payload) }));
}

/** Throttled, or this machine's clock was off, which the SDK has corrected by now: the function has not run. */
function wasRefused(error: unknown): boolean {
  const { name, $metadata } = error as { name?: string; $metadata?: { clockSkewCorrected?: boolean } };
  return name === 'TooManyRequestsException' || $metadata?.clockSkewCorrected === true;
}

/** The message of an error that a function threw. */
function failureIn(text: string): string {
  try {
    return String((JSON.parse(text) as { errorMessage?: unknown }).errorMessage ?? text);
  } catch {
    return text;
  }
}
