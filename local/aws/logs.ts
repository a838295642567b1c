/** CloudWatch Logs, as far as somebody subscribed to a log group: what is written there reaches the function. */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Clock } from '../clock.ts';

export type SubscriptionFilter = { name: string; logGroup: string; functionArn: string };

export type Logs = ReturnType<typeof openLogs>;

export function openLogs(
  clock: Clock,
  account: string,
  filters: readonly SubscriptionFilter[],
  invokeLater: (functionArn: string, event: unknown) => void,
) {
  return {
    put(logGroup: string, message: string): void {
      for (const { name, functionArn } of filters.filter((one) => one.logGroup === logGroup)) {
        const batch = {
          messageType: 'DATA_MESSAGE',
          owner: account,
          logGroup,
          logStream: randomUUID(),
          subscriptionFilters: [name],
          logEvents: [{ id: randomUUID(), timestamp: clock.nowMs(), message }],
        };
        const data = gzipSync(JSON.stringify(batch)).toString('base64');
        invokeLater(functionArn, { awslogs: { data } });
      }
    },
  };
}
