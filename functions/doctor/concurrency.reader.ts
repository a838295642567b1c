/** Asks Lambda how many functions the account may run at once in this Region. */
import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { OpsError } from '../shared/errors.ts';
import { type Asked, ask } from './asked.ts';

export type ConcurrencyReader = { read(): Promise<Asked<number>> };

export function concurrencyReader(client: LambdaClient): ConcurrencyReader {
  return {
    read: () =>
      ask('lambda:GetAccountSettings', async () => {
        const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
        if (AccountLimit?.ConcurrentExecutions === undefined)
          throw new OpsError('retry', 'no limit was named');
        return AccountLimit.ConcurrentExecutions;
      }),
  };
}
