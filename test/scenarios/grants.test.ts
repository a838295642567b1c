import { beforeAll, describe, expect, it } from 'vitest';
import { type Grant, grantsOf, without } from '../support/policy-edit.ts';
import { rehearse } from '../support/rehearsal.ts';
import { assemblyOf } from '../support/scenario.ts';

const POLICIES = /^Ops(Intake|Paging|Tick|TickCaller|Answers|Operator)RoleDefaultPolicy/;

/** Comes with CDK's event source, which grants consumers more than Lambda asks for. */
const NOT_OURS = 'sqs:GetQueueUrl';

const grants = grantsOf(assemblyOf('fourLevels'), POLICIES).filter(({ action }) => action !== NOT_OURS);

describe('a grant that is taken out of the template', () => {
  let whole: string[];
  beforeAll(async () => {
    whole = await rehearse();
  });

  it('is one of more than 30, and the rehearsal with all of them goes as it should', () => {
    expect(grants.length).toBeGreaterThan(30);
    expect(whole).toEqual([
      '0 level 1 ana email sms',
      '1 level 1 ana email sms',
      '2.05 level 1 ana email sms',
      '3.28 level 1 ana email sms',
      '4.58 level 2 ben email sms',
      '6.6 level 2 ben email sms',
      '10.05 level 1 ana email sms',
      'press: 200',
      'list: "ok"',
      'show: "ok"',
      'escalate: "ok"',
      'dead letter: "not an alarm": not a JSON object',
    ]);
  });

  it.each(grants.map((grant): [string, Grant] => [grant.name, grant]))('is missed: %s', async (_, grant) => {
    expect(await rehearse(without(grant), whole)).not.toEqual(whole);
  });
});
