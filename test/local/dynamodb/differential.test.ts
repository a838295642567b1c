import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynaliteTable, startDynalite } from '../../../local/dynamodb/dynalite-table.ts';
import { memoryTable } from '../../../local/dynamodb/memory-table.ts';
import { ALERT_TABLE, ALERTS, CREATE_ALERTS } from './alert-table.ts';
import { ALL_KEYS, requests, type TableRequest, WHOLE_CONTENT } from './random-requests.ts';

const MAX_PAGES = 20;

type Answer = { status: number; body: unknown };
type Handle = (operation: string, input: unknown) => Answer | Promise<Answer>;

describe('memoryTable beside dynalite', () => {
  let folder: string;
  let dynalite: DynaliteTable;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-differential-'));
    dynalite = await startDynalite(folder, [{ name: ALERTS, properties: ALERT_TABLE }]);
  });
  afterAll(async () => {
    await dynalite.stop();
    await rm(folder, { recursive: true });
  });

  it('answers 60 lives of 20 to 60 random requests alike, and holds the same items after each', {
    timeout: 120_000,
  }, async () => {
    const outcomes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(requests, async (run) => {
        const memory = memoryTable();
        memory.handle('CreateTable', CREATE_ALERTS);
        const deletes = ALL_KEYS.map((Key) => ({ DeleteRequest: { Key } }));
        await dynalite.handle('BatchWriteItem', { RequestItems: { [ALERTS]: deletes } });

        for (const request of [...run, ...WHOLE_CONTENT]) {
          const expected = await answerOf(dynalite.handle, request);
          expect({ request, answer: await answerOf(memory.handle, request) }).toEqual({
            request,
            answer: expected,
          });
          const outcome = `${request.operation} ${'error' in expected ? expected.error : 'done'}`;
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
      }),
      { seed: 20260105, numRuns: 60, endOnFailure: true },
    );
    // The comparison says something only if the requests come to something, and to each kind of refusal.
    for (const operation of ['PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'Query']) {
      expect(outcomes.get(`${operation} done`), operation).toBeGreaterThan(40);
      expect(outcomes.get(`${operation} ValidationException`), operation).toBeGreaterThan(5);
    }
    for (const operation of ['PutItem', 'UpdateItem', 'DeleteItem']) {
      expect(outcomes.get(`${operation} ConditionalCheckFailedException`), operation).toBeGreaterThan(5);
    }
  });
});

/** dynalite and AWS do not agree on the namespace of a type; clients look at what follows it. */
function typeOf(body: unknown): string | undefined {
  return (body as { __type: string }).__type.split('#')[1];
}

/** All pages of a query, or the one answer; an error by its type alone. */
async function answerOf(handle: Handle, { operation, input }: TableRequest) {
  const pages: unknown[] = [];
  let from: unknown;
  do {
    const { status, body } = await handle(operation, from ? { ...input, ExclusiveStartKey: from } : input);
    if (status !== 200) return { error: typeOf(body) };
    const { Attributes, ...page } = body as Record<string, unknown>;
    // dynalite answers an empty structure where AWS answers none.
    pages.push(Attributes && Object.keys(Attributes).length > 0 ? { ...page, Attributes } : page);
    from = page.LastEvaluatedKey;
  } while (from && pages.length < MAX_PAGES);
  return { pages };
}
