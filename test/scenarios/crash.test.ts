import { beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../local/aws/gate.ts';
import { type RecordedCall, recordCalls, tellWithFault, tellWithSickAudits } from '../support/faults.ts';

const FAULTS: Fault[] = [{ kind: 'crash-before' }, { kind: 'crash-after' }];

describe('a function that crashes at any of its calls to AWS', () => {
  let calls: RecordedCall[];
  beforeAll(async () => {
    calls = await recordCalls();
  });

  it('is recorded: intake and page each read, write, take slots, publish and settle; both ticks sweep', () => {
    const seen = new Set(calls.map(({ name }) => name));
    expect([...seen].sort()).toEqual([
      'tocsin-intake dynamodb GetItem',
      'tocsin-intake dynamodb PutItem',
      'tocsin-intake dynamodb UpdateItem',
      'tocsin-intake sns Publish',
      'tocsin-intake sns Publish sms',
      'tocsin-page dynamodb GetItem',
      'tocsin-page dynamodb PutItem',
      'tocsin-page dynamodb UpdateItem',
      'tocsin-page sns Publish',
      'tocsin-page sns Publish sms',
      'tocsin-second-tick dynamodb Query',
      'tocsin-second-tick sqs SendMessageBatch',
      'tocsin-tick dynamodb PutItem',
      'tocsin-tick dynamodb Query',
      'tocsin-tick sqs SendMessageBatch',
    ]);
  });

  it.each(FAULTS)(
    '$kind: each page arrives within 3 minutes, at most twice, and nothing is left over',
    async (fault) => {
      const wrong: string[] = [];
      for (const call of calls) wrong.push(...(await tellWithFault(call, fault)));
      expect(wrong).toEqual([]);
    },
    120_000,
  );

  it.each(FAULTS)('$kind: audits that crash change nothing for those who are paged', async (fault) => {
    expect(await tellWithSickAudits(fault)).toEqual([]);
  });
});
