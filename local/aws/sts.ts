/** STS: who is calling. Everybody may ask. */
import type { Service } from './service.ts';

export function sts(account: string): Service {
  return {
    grants: (action) => (action === 'GetCallerIdentity' ? [] : undefined),
    handle: () => ({ UserId: 'AIDALOCAL', Account: account, Arn: `arn:aws:iam::${account}:user/local` }),
  };
}
