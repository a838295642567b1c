/** What AWS refuses, said to an operator: what it was, and what to do. */

import { OpsError, type OpsErrorKind } from '../functions/shared/errors.ts';
import { FUNCTION_FAILED } from './invoke-function.ts';

/** What was asked, and where. */
export type Asked = {
  prefix: string;
  region: string;
  endpoint?: string | undefined;
  /** AWS_PROFILE */
  profile?: string | undefined;
  account?: string | undefined;
  /** whoever asked */
  arn?: string | undefined;
  functionName?: string | undefined;
};

const EXPIRED = ['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'];
/** Lambda's and STS's words for keys that nobody knows, or a signature that is not theirs. */
const UNKNOWN_KEYS = [
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidClientTokenIdException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
];
/** The SDK found none, or its profile's are no longer good. */
const NONE = ['CredentialsProviderError', 'TokenProviderError'];
const NETWORK = [
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EPIPE',
];

export function isCredentialsError(error: unknown): boolean {
  return [...EXPIRED, ...UNKNOWN_KEYS, ...NONE].includes((error as Error).name);
}

export function isNetworkError(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string };
  return name === 'TimeoutError' || NETWORK.includes(code ?? '');
}

export function noRegion(cause: unknown): OpsError {
  return new OpsError(
    'rejected',
    'no AWS Region: set AWS_REGION, or a region in the profile of AWS_PROFILE',
    {
      cause,
    },
  );
}

export function explainRefusal(error: Error, asked: Asked): OpsError {
  const [kind, message] = describeRefusal(error, asked);
  return new OpsError(kind, message, { cause: error });
}

function describeRefusal(error: Error, asked: Asked): [OpsErrorKind, string] {
  const { name, message } = error;
  const { functionName = 'the function', prefix, region } = asked;
  const account = asked.account ? `account ${asked.account}` : 'this account';
  if (EXPIRED.includes(name) || (NONE.includes(name) && /expired/i.test(message))) {
    return ['rejected', `the AWS credentials have expired: sign in again, such as with \`aws sso login\``];
  }
  if (UNKNOWN_KEYS.includes(name)) {
    return [
      'rejected',
      `AWS does not accept these credentials (${name}): check AWS_PROFILE, the access key and this machine's clock`,
    ];
  }
  if (NONE.includes(name)) {
    return [
      'rejected',
      `no AWS credentials${asked.profile ? ` in the profile ${asked.profile}` : ''}: set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in. ${message}`,
    ];
  }
  if (isNetworkError(error)) {
    return [
      'retry',
      `cannot reach ${asked.endpoint ?? `AWS in ${region}`}: check the network, the Region's name and AWS_ENDPOINT_URL. ${message}`,
    ];
  }
  switch (name) {
    case 'AccessDeniedException':
      return [
        'rejected',
        `${asked.arn ?? 'you'} may not invoke ${functionName}: attach the managed policy ${prefix}-operator to that user or role`,
      ];
    case 'ResourceNotFoundException':
      return [
        'not-found',
        `there is no function ${functionName} in ${account}, ${region}: check AWS_PROFILE, AWS_REGION and --prefix, or deploy with \`npm run deploy\``,
      ];
    case FUNCTION_FAILED:
      return [
        'bug',
        `the function ${functionName} failed: ${message}; its log group /aws/lambda/${functionName} tells more`,
      ];
    case 'TooManyRequestsException':
      return [
        'retry',
        `${functionName} is throttled: the account's concurrency is used up; try again in a minute`,
      ];
    default:
      return ['retry', `${functionName} could not be invoked: ${name}: ${message}`];
  }
}
