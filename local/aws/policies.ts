/** What a role may do, and what a queue or topic lets a service do: evaluated as far as our templates go, loud beyond. */
import type { Json, Properties, Resource } from '../template.ts';

type Document = { Statement: Json };

type Statement = {
  Effect: 'Allow' | 'Deny';
  Principal?: Json;
  Action?: Json;
  NotAction?: Json;
  Resource?: Json;
  NotResource?: Json;
  Condition?: Record<string, Record<string, Json>>;
};

const IDENTITY_ELEMENTS = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource']);

/** It lets a function write its logs, which here are no calls. */
const LOGS_ONLY = /:policy\/service-role\/AWSLambdaBasicExecutionRole$/;

export type Role = {
  name: string;
  arn: string;
  allows(action: string, resource: string): boolean;
};

/** Every role of the template, by ARN, with the statements of all its identity policies. */
export function readRoles(resources: readonly Resource[]): Map<string, Role> {
  const statements = new Map<string, Statement[]>();
  const add = (role: string, document: Json, owner: Resource) => {
    const list = statements.get(role) ?? [];
    list.push(...readIdentityStatements(document, `${owner.stack}/${owner.logicalId}`));
    statements.set(role, list);
  };
  const roles = resources.filter(({ type }) => type === 'AWS::IAM::Role');
  for (const role of roles) {
    for (const policy of (role.properties.Policies as Properties[] | undefined) ?? []) {
      add(role.attributes.Ref, policy.PolicyDocument!, role);
    }
    const managed = ((role.properties.ManagedPolicyArns as string[] | undefined) ?? []).filter(
      (name) => !LOGS_ONLY.test(name),
    );
    if (managed.length > 0 || role.properties.PermissionsBoundary) {
      throw new Error(
        `${role.logicalId}: managed policies and boundaries are not evaluated locally: ${managed}`,
      );
    }
  }
  // CDK puts what is too much for a role's own policy into managed ones: many responders are many topics.
  const attached = new Set(['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']);
  for (const policy of resources.filter(({ type }) => attached.has(type))) {
    for (const role of asList(policy.properties.Roles) as string[])
      add(role, policy.properties.PolicyDocument!, policy);
  }
  return new Map(
    roles.map(({ attributes }) => [
      attributes.Arn!,
      openRole(attributes.Ref, attributes.Arn!, statements.get(attributes.Ref) ?? []),
    ]),
  );
}

function openRole(name: string, arn: string, statements: Statement[]): Role {
  const decided = new Map<string, boolean>();
  return {
    name,
    arn,
    allows(action, resource) {
      const key = `${action} ${resource}`;
      let allowed = decided.get(key);
      if (allowed === undefined) {
        const about = statements.filter((one) => isAbout(one, action, resource));
        allowed = about.length > 0 && about.every(({ Effect }) => Effect === 'Allow');
        decided.set(key, allowed);
      }
      return allowed;
    },
  };
}

function readIdentityStatements(document: Json, owner: string): Statement[] {
  return statementsOf(document).map((statement) => {
    for (const element of Object.keys(statement)) {
      if (!IDENTITY_ELEMENTS.has(element)) {
        throw new Error(`${owner}: the element ${element} of a policy is not evaluated locally`);
      }
    }
    return statement;
  });
}

/**
 * Whether a queue's or topic's own policies let an AWS service in.
 * @param source  the ARN of what the service acts for: a rule, a topic
 */
export function letsIn(
  documents: readonly Json[],
  request: { service: string; action: string; resource: string; source: string; account: string },
): boolean {
  const about = documents
    .flatMap(statementsOf)
    .filter((one) => isPrincipal(one.Principal, request.service))
    .filter((one) => isAbout(one, request.action, request.resource))
    .filter(({ Condition = {} }) =>
      Object.entries(Condition).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => isMet(operator, key, wanted, request)),
      ),
    );
  return about.length > 0 && about.every(({ Effect }) => Effect === 'Allow');
}

function isPrincipal(principal: Json | undefined, service: string): boolean {
  if (principal === '*') return true;
  const { AWS, Service } = (principal ?? {}) as Properties;
  return asList(AWS).includes('*') || asList(Service).includes(service);
}

function isMet(
  operator: string,
  key: string,
  wanted: Json,
  request: { source: string; account: string },
): boolean {
  const context: Record<string, string> = {
    'aws:sourcearn': request.source,
    'aws:sourceaccount': request.account,
    'aws:securetransport': 'true',
  };
  const found = context[key.toLowerCase()];
  if (found === undefined || !/^(Arn|String)(Equals|Like)$|^Bool$/.test(operator)) {
    throw new Error(`the condition ${operator} ${key} of a policy is not evaluated locally`);
  }
  return asList(wanted).some((pattern) => isLike(found, pattern));
}

function isAbout(statement: Statement, action: string, resource: string): boolean {
  return (
    isNamed(action.toLowerCase(), lower(statement.Action), lower(statement.NotAction)) &&
    isNamed(resource, statement.Resource, statement.NotResource)
  );
}

function isNamed(value: string, only: Json | undefined, allBut: Json | undefined): boolean {
  if (allBut !== undefined) return !asList(allBut).some((pattern) => isLike(value, pattern));
  return asList(only).some((pattern) => isLike(value, pattern));
}

/** `*` is any text, `?` any one character. */
function isLike(value: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(value);
}

function statementsOf(document: Json): Statement[] {
  const { Statement: found } = document as Document;
  return (Array.isArray(found) ? found : [found]) as unknown as Statement[];
}

function lower(value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : asList(value).map((one) => one.toLowerCase());
}

function asList(value: Json | undefined): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
