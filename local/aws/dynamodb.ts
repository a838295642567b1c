/** DynamoDB: the calls go to the table engine, memory's or dynalite's, as they came. */
import type { Clock } from '../clock.ts';
import type { HttpResponse } from '../functions/http.ts';
import type { Input } from './call.ts';
import { type Service, text } from './service.ts';

type Answer = { status: number; body: unknown };

/** Holds the tables. The virtual world's is in memory, the laptop's is dynalite. */
export type TableEngine = {
  handle(operation: string, input: Record<string, unknown>): Answer | Promise<Answer>;
  /** The lowest sort key of an index, over all its partitions; absent where nothing skips idle time. */
  earliest?(tableName: string, indexName: string): number | undefined;
};

const ITEM_ACTIONS = new Set([
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'Scan',
  'DescribeTable',
]);
const BATCH_ACTIONS = new Set(['BatchGetItem', 'BatchWriteItem']);

export function dynamodb(engine: TableEngine, clock: Clock, tableArn: (name: string) => string): Service {
  const resource = (name: string, index: unknown) =>
    index === undefined ? tableArn(name) : `${tableArn(name)}/index/${index}`;

  return {
    grants(action, input) {
      const permission = `dynamodb:${action}`;
      if (ITEM_ACTIONS.has(action)) {
        return [{ action: permission, resource: resource(text(input, 'TableName'), input.IndexName) }];
      }
      if (BATCH_ACTIONS.has(action)) {
        const tables = Object.keys((input.RequestItems ?? {}) as Input);
        return tables.map((name) => ({ action: permission, resource: tableArn(name) }));
      }
      return undefined;
    },
    handle: ({ action, input }) => {
      const answer = engine.handle(action, input);
      return answer instanceof Promise ? clock.hold(answer) : answer;
    },
  };
}

/** The engine speaks the protocol itself: status and body are passed on. */
export function dynamodbResponse({ status, body }: Answer): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
