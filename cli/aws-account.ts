/** The stacks in an AWS account, or behind any endpoint that speaks AWS's protocols (AWS_ENDPOINT_URL). */
import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Finding } from '../functions/doctor/contract.ts';
import { messageOf, OpsError } from '../functions/shared/errors.ts';
import { hasProfile } from './aws-profile.ts';
import { explainRefusal, isCredentialsError, isNetworkError, noRegion } from './aws-refusals.ts';
import type { Installation } from './installation.ts';
import { invokeFunction } from './invoke-function.ts';

const BOOTSTRAP_PARAMETER = '/cdk-bootstrap/hnb659fds/version';

/** Older ones do not deploy the stacks. Source: the rule CheckBootstrapVersion in the templates */
const BOOTSTRAP_VERSION_LEAST = 6;

/** A function ends after 10 s; the longer answer is the audit's. */
const TIMEOUTS = { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true };

/** Who asks, as far as the endpoint says. */
type Identity = { account: string; arn: string };

/** @throws OpsError when there are no valid credentials, or no Region */
export async function openAwsAccount(prefix: string): Promise<Installation> {
  // The SDK reads AWS_REGION and the profile; other tools read this one as well.
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  const settings = { ...(region && { region }), requestHandler: TIMEOUTS };
  const sts = new STSClient(settings);
  const place = {
    prefix,
    region: await sts.config.region().catch(async (error: unknown) => {
      throw (await profileMissing(error)) ?? noRegion(error);
    }),
    endpoint: process.env.AWS_ENDPOINT_URL,
    profile: process.env.AWS_PROFILE,
  };
  const identity = await identify(sts).catch(async (error: Error) => {
    throw (isCredentialsError(error) && (await profileMissing(error))) || explainRefusal(error, place);
  });
  const lambda = new LambdaClient({ ...settings, maxAttempts: 1 });
  const name = describePlace(place, identity);
  return {
    name,
    invoke: (role, payload) => {
      const functionName = `${prefix}-${role}`;
      return invokeFunction(lambda, functionName, payload, (error) =>
        explainRefusal(error, { ...place, ...identity, functionName }),
      );
    },
    look: async () => [
      {
        id: 'credentials',
        state: 'ok',
        title: 'Credentials and Region',
        found: `${identity ? identity.arn : 'accepted'}, ${place.region}`,
      },
      await bootstrapFinding(new SSMClient(settings)),
    ],
  };
}

/** @returns nothing when AWS_PROFILE names one that is there, or none */
async function profileMissing(cause: unknown): Promise<OpsError | undefined> {
  const name = process.env.AWS_PROFILE;
  if (!name || (await hasProfile(name, process.env))) return undefined;
  const message = `there is no profile '${name}' (AWS_PROFILE): see the profiles there are with \`aws configure list-profiles\``;
  return new OpsError('rejected', message, { cause });
}

/** @returns nothing when the endpoint does not say: the functions may still answer */
async function identify(sts: STSClient): Promise<Identity | undefined> {
  try {
    const { Account: account = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand());
    return { account, arn };
  } catch (error) {
    if (isCredentialsError(error) || isNetworkError(error)) throw error;
    return undefined;
  }
}

/** `AWS account 123456789012, eu-west-1 (tocsin)` */
function describePlace(
  { region, prefix, endpoint }: { region: string; prefix: string; endpoint: string | undefined },
  identity: Identity | undefined,
): string {
  const at = endpoint ? ` at ${endpoint}` : '';
  return `AWS account ${identity?.account ?? 'unknown'}, ${region}${at} (${prefix})`;
}

async function bootstrapFinding(ssm: SSMClient): Promise<Finding> {
  const look = { id: 'bootstrap', title: "CDK's bootstrap" };
  const advice = 'Before the next deploy run: npx cdk bootstrap';
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: BOOTSTRAP_PARAMETER }));
    const version = Number(Parameter?.Value);
    return version >= BOOTSTRAP_VERSION_LEAST
      ? { ...look, state: 'ok', found: `version ${version}` }
      : {
          ...look,
          state: 'warning',
          found: `version ${Parameter?.Value}, older than ${BOOTSTRAP_VERSION_LEAST}`,
          advice,
        };
  } catch (error) {
    if (error instanceof Error && error.name === 'ParameterNotFound') {
      return { ...look, state: 'warning', found: 'not there in this account and Region', advice };
    }
    // The policy of those who use the command line does not let them: a warning would stay with them for ever.
    if (error instanceof Error && error.name === 'AccessDeniedException') {
      return { ...look, state: 'ok', found: 'not looked at, you may not read it: only who deploys needs it' };
    }
    return {
      ...look,
      state: 'warning',
      found: `could not be read: ${messageOf(error)}`,
      advice: 'It matters only to those who deploy. Ask again in a minute.',
    };
  }
}
