/** What stands in the policies of the functions' roles, one grant at a time, and a template without it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EditTemplate } from '../../local/template.ts';

/** One action on one resource: what a role could do without, or not. */
export type Grant = { policy: string; statement: number; action: string; resource: number };

type Statement = { Action: string | string[]; Resource?: unknown; NotResource?: unknown };
type Resources = Parameters<EditTemplate>[0]['Resources'];

/** Logs are no calls in the local world: nothing there can miss them. */
const LOGS = /^logs:/;

/** Every grant of the policies whose logical id matches, a topic of each responder counted as one. */
export function grantsOf(assembly: string, policies: RegExp): Grant[] {
  const file = join(assembly, 'TocsinOperations.template.json');
  const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Resources };
  return Object.keys(Resources)
    .filter((id) => policies.test(id))
    .flatMap((policy) =>
      statementsOf(Resources, policy).flatMap((one, statement) =>
        asList(one.Action)
          .filter((action) => !LOGS.test(action))
          .flatMap((action) =>
            places(one, action).map((_, resource): Grant => ({ policy, statement, action, resource })),
          ),
      ),
    );
}

/** Takes one grant out of the template, and leaves the rest of its statement. */
export function without({ policy, statement, action, resource }: Grant): EditTemplate {
  return ({ Resources }) => {
    if (!Resources[policy]) return;
    const statements = statementsOf(Resources, policy);
    const whole = statements[statement]!;
    const others = asList(whole.Action).filter((one) => one !== action);
    const elsewhere = places(whole, action).filter((_, n) => n !== resource);
    statements.splice(
      statement,
      1,
      ...(others.length > 0 ? [{ ...whole, Action: others }] : []),
      ...(elsewhere.length > 0 ? [{ ...whole, Action: action, Resource: elsewhere }] : []),
    );
  };
}

/** `OpsIntake sqs:SendMessage OpsDueQueue…` */
export function nameOf(grant: Grant, assembly: string): string {
  const file = join(assembly, 'TocsinOperations.template.json');
  const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Resources };
  const place = places(statementsOf(Resources, grant.policy)[grant.statement]!, grant.action)[grant.resource];
  return `${grant.policy.replace(/RoleDefaultPolicy.*/, '')} ${grant.action} on ${JSON.stringify(place)}`;
}

function places(statement: Statement, action: string): unknown[] {
  return action === 'sns:Publish' || statement.Resource === undefined
    ? [statement.Resource ?? statement.NotResource]
    : asList(statement.Resource);
}

function statementsOf(resources: Resources, policy: string): Statement[] {
  const { PolicyDocument } = resources[policy]!.Properties as unknown as {
    PolicyDocument: { Statement: Statement[] };
  };
  return PolicyDocument.Statement;
}

function asList<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
