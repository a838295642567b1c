import { beforeAll, describe, expect, it } from 'vitest';
import { readRoles } from '../../local/aws/policies.ts';
import { readAssembly } from '../../local/template.ts';
import { callFromOutside } from '../support/from-outside.ts';
import { type Grant, grantsOf, without } from '../support/policy-edit.ts';
import { rehearse } from '../support/rehearsal.ts';
import { assemblyOf, type Scenario, scenario } from '../support/scenario.ts';

const FUNCTIONS =
  /^Ops(Intake|Paging|Tick|TickCaller|Answers|Operator|Webhooks|Audit|AuditCaller|Delivery)RoleDefaultPolicy/;

const namedGrants = (): [string, Grant][] =>
  grantsOf(assemblyOf('explained'), FUNCTIONS).map((grant) => [grant.name, grant]);

/** What roles were asked to allow, each once: a function's name, an action, a resource. */
function askedOf({ world }: Scenario): string[] {
  const performed = world.calls.flatMap(({ function: name, grants = [] }) =>
    grants.map(({ action, resource }) => `${name} ${action} ${resource}`),
  );
  return [...new Set(performed)];
}

/** @returns what a world without the grant refuses of it: the first call, or the world itself, by its wiring */
async function refusedWithout(grant: Grant, asked: readonly string[]): Promise<string | undefined> {
  const edit = without(grant);
  let world: Scenario['world'];
  try {
    ({ world } = await scenario({ team: 'explained', edit }));
  } catch (error) {
    return (error as Error).message;
  }
  const roles = readRoles(readAssembly(assemblyOf('explained'), world.place, edit).resources);
  const roleOf = new Map(world.functions.map(({ name, roleArn }) => [name, roles.get(roleArn)]));
  return asked.find((one) => {
    const [name = '', action = '', resource = ''] = one.split(' ');
    return !roleOf.get(name)?.allows(action, resource);
  });
}

const refused = ({ world }: Scenario): string[] =>
  world.calls
    .filter(({ outcome }) => outcome === 'AccessDeniedException')
    .map((call) => `${call.function} ${call.service} ${call.action}`);

describe('the grants of the template', () => {
  let asked: string[];
  beforeAll(async () => {
    const inside = await rehearse();
    const outside = await callFromOutside();
    expect([...refused(inside.story), ...refused(outside)]).toEqual([]);
    expect(inside.told).toEqual([
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
    asked = [...new Set([...askedOf(inside.story), ...askedOf(outside)])];
  });

  it('are more than 70, and enough: nobody is refused, and all goes as it should', () => {
    expect(namedGrants().length).toBeGreaterThan(70);
  });

  it.each(namedGrants())('%s: is needed, a call without it is refused', async (_, grant) => {
    expect(await refusedWithout(grant, asked)).toBeDefined();
  });

  it('are evaluated: without one, intake is refused and nobody is paged', async () => {
    const [, grant] = namedGrants().find(([name]) => /^OpsIntake sns:Publish/.test(name))!;
    const { told, story } = await rehearse(without(grant));
    expect(refused(story)).toContain('tocsin-intake sns Publish');
    expect(told[0]).not.toBe('0 level 1 ana email sms');
  });
});
