/** What stands in the policies of the functions' roles, one grant at a time, and a template without it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EditTemplate } from '../../local/template.ts';

/** One action on one resource: what a role could do without, or not. */
export type Grant = {
  /** `OpsIntake sqs:SendMessage on OpsDueQueueE41E9838` */
  name: string;
  policy: string;
  statement: number;
  action: string;
  place: unknown;
};

type Statement = { Action: string | string[]; Resource?: unknown; NotResource?: unknown };
type Resources = Parameters<EditTemplate>[0]['Resources'];

/** Logs are no calls in the local world: nothing there can miss them. */
const LOGS = /^logs:/;

/** Every grant of the policies whose logical id matches; the topics of the responders count as one. */
export function grantsOf(assembly: string, policies: RegExp): Grant[] {
  const file = join(assembly, 'TocsinOperations.template.json');
  const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Resources };
  return Object.keys(Resources)
    .filter((id) => policies.test(id))
    .flatMap((policy) => statementsOf(Resources, policy).flatMap((one, n) => grantsIn(one, policy, n)));
}

function grantsIn(whole: Statement, policy: string, statement: number): Grant[] {
  return asList(whole.Action)
    .filter((action) => !LOGS.test(action))
    .flatMap((action) =>
      places(whole, action).map((place): Grant => {
        const owner = policy.replace(/RoleDefaultPolicy.*/, '');
        return { name: `${owner} ${action} on ${describePlace(place)}`, policy, statement, action, place };
      }),
    );
}

/** Takes one grant out of the template, and leaves the rest of its statement. */
export function without({ policy, statement, action, place }: Grant): EditTemplate {
  return ({ Resources }) => {
    if (!Resources[policy]) return;
    const statements = statementsOf(Resources, policy);
    const whole = statements[statement]!;
    const others = asList(whole.Action).filter((one) => one !== action);
    const elsewhere = places(whole, action).filter((one) => !isSame(one, place));
    const kept = [
      ...(others.length > 0 ? [{ ...whole, Action: others }] : []),
      ...(elsewhere.length > 0 ? [{ ...whole, Action: action, Resource: elsewhere }] : []),
    ];
    statements.splice(statement, 1, ...kept);
  };
}

function places(statement: Statement, action: string): unknown[] {
  return action.startsWith('sns:') || statement.Resource === undefined
    ? [statement.Resource ?? statement.NotResource]
    : asList(statement.Resource);
}

/** The names that stand in a reference. */
function describePlace(place: unknown): string {
  return JSON.stringify(place)
    .replace(/"(Ref|Fn::\w+|Arn|)"/g, '')
    .replace(/[^\w*/:-]+/g, ' ')
    .replace(/(^| ):+/g, ' ')
    .trim();
}

function statementsOf(resources: Resources, policy: string): Statement[] {
  const properties = resources[policy]!.Properties as unknown as {
    PolicyDocument: { Statement: Statement[] };
  };
  return properties.PolicyDocument.Statement;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function asList<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
