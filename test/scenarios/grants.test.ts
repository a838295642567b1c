import { beforeAll, describe, expect, it } from 'vitest';
import { refusedFromOutside } from '../support/from-outside.ts';
import { type Grant, grantsOf, without } from '../support/policy-edit.ts';
import { rehearse } from '../support/rehearsal.ts';
import { assemblyOf } from '../support/scenario.ts';

const INSIDE = /^Ops(Intake|Paging|Tick|TickCaller)RoleDefaultPolicy/;
const OUTSIDE = /^Ops(Answers|Operator|Webhooks|Audit|AuditCaller|Delivery)RoleDefaultPolicy/;

/** Comes with CDK's event source, which grants consumers more than Lambda asks for. */
const NOT_OURS = 'sqs:GetQueueUrl';

const namedGrants = (policies: RegExp): [string, Grant][] =>
  grantsOf(assemblyOf('explained'), policies)
    .filter(({ action }) => action !== NOT_OURS)
    .map((grant) => [grant.name, grant]);

describe('a grant of what happens by itself, taken out of the template', () => {
  let whole: string[];
  beforeAll(async () => {
    whole = await rehearse();
  });

  it('is one of more than 30, and the rehearsal with all of them goes as it should', () => {
    expect(namedGrants(INSIDE).length).toBeGreaterThan(30);
    expect(whole).toEqual([
      '0 level 1 ana email sms',
      '1 level 1 ana email sms',
      '2.05 level 1 ana email sms',
      '3.28 level 1 ana email sms',
      '4.58 level 2 ben email sms',
      '6.6 level 2 ben email sms',
      '10.13 level 1 ana email sms',
      'press: 200',
      'list: "ok"',
      'show: "ok"',
      'escalate: "ok"',
      'dead letter: "not an alarm": not a JSON object',
    ]);
  });

  it.each(namedGrants(INSIDE))('is missed: %s', async (_, grant) => {
    const told = await rehearse(without(grant), whole);
    const missed = told.join() !== whole.join() || (await refusedFromOutside(without(grant))).length > 0;
    expect(missed).toBe(true);
  });
});

describe('a grant of what is called from outside, taken out of the template', () => {
  it('is one of more than 40, and with all of them nobody is refused', async () => {
    expect(namedGrants(OUTSIDE).length).toBeGreaterThan(40);
    expect(await refusedFromOutside()).toEqual([]);
  });

  it.each(namedGrants(OUTSIDE))('is missed: %s', async (_, grant) => {
    expect(await refusedFromOutside(without(grant))).not.toEqual([]);
  });
});
