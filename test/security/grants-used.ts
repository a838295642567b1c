/** What the policies of a template grant, what recorded calls used of it, and what is left over without a reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SdkCall } from '../../local/aws/gate.ts';
import type { FunctionSettings } from '../../local/functions/instance.ts';
import { type EditTemplate, type Properties, readAssembly } from '../../local/template.ts';
import type { Place } from '../../local/template-attributes.ts';

/** One action on one resource, or on all but one. */
export type Granted = {
  policy: string;
  /** ARNs; none for a policy that people attach to themselves */
  roles: string[];
  action: string;
  resource: string;
  isAllBut: boolean;
  reason: { unused?: string; wide?: string };
};

/** `unneeded`: a reason for what is used after all, and no wider than that. */
export type Excess = { unused: string[]; wide: string[]; unneeded: string[] };

type Statement = { Effect: string; Action?: unknown; Resource?: unknown; NotResource?: unknown };
type Reasons = Record<string, Granted['reason']>;

/** Any of the responders may be on call, and their topics are granted together: used is one, used are all. */
const RESPONDER = /:tocsin-responder-[\w-]+$/;

/** Every grant of every policy in the template; a statement in another form than these is an error. */
export function grantedIn(assembly: string, place: Place, edit?: EditTemplate): Granted[] {
  const { resources } = readAssembly(assembly, place, edit);
  const roles = new Map(
    resources
      .filter(({ type }) => type === 'AWS::IAM::Role')
      .map((role) => [role.attributes.Ref, role.attributes.Arn!]),
  );
  const inline = resources.filter(({ properties }) => properties.Policies !== undefined);
  if (inline.length > 0) throw new Error(`${inline[0]!.logicalId} has inline policies: read them here`);
  const reasons = reasonsIn(assembly);
  return resources
    .filter(({ type }) => type === 'AWS::IAM::Policy' || type === 'AWS::IAM::ManagedPolicy')
    .flatMap(({ logicalId, properties }) => {
      const { Statement } = properties.PolicyDocument as Properties;
      const holders = listed(properties.Roles).map((name) => roles.get(name) ?? name);
      return (Statement as unknown as Statement[]).flatMap((one): Granted[] => {
        const isAllBut = one.NotResource !== undefined;
        if (one.Effect !== 'Allow' || !one.Action) throw new Error(`${logicalId}: ${JSON.stringify(one)}`);
        return listed(one.Action).flatMap((action) =>
          listed(one.NotResource ?? one.Resource).map((resource) => ({
            policy: logicalId.replace(/(RoleDefault)?Policy[0-9A-F]{8}$/, ''),
            roles: holders,
            action,
            resource: resource.replace(RESPONDER, ':tocsin-responder-<each>'),
            isAllBut,
            reason: reasons[logicalId]?.[action] ?? {},
          })),
        );
      });
    });
}

/** Each once: `<the role's ARN> <action> <resource>`, of calls that AWS allowed. */
export function usedBy(
  calls: readonly Pick<SdkCall, 'function' | 'grants' | 'outcome'>[],
  functions: readonly Pick<FunctionSettings, 'name' | 'roleArn'>[],
): Set<string> {
  const roleOf = new Map(functions.map(({ name, roleArn }) => [name, roleArn]));
  const allowed = calls.filter((call) => call.function && call.outcome !== 'AccessDeniedException');
  return new Set(
    allowed.flatMap(({ function: name = '', grants = [] }) =>
      grants.map(
        ({ action, resource }) =>
          `${roleOf.get(name)} ${action} ${resource.replace(RESPONDER, ':tocsin-responder-<each>')}`,
      ),
    ),
  );
}

export function excessOf(granted: readonly Granted[], used: ReadonlySet<string>): Excess {
  const excess: Excess = { unused: [], wide: [], unneeded: [] };
  const say = ({ policy, action, resource, isAllBut }: Granted) =>
    `${policy}: ${action} on ${isAllBut ? 'all but ' : ''}${resource}`;
  const isUsed = (grant: Granted) => [...used].some((one) => isGrantOf(grant, one));
  const isWide = ({ resource, isAllBut, action }: Granted) =>
    isAllBut || /[*?]/.test(resource) || /[*?]/.test(action);
  for (const grant of granted) {
    if (!isUsed(grant)) {
      if (!grant.reason.unused) excess.unused.push(say(grant));
    } else if (isWide(grant) && !grant.reason.wide) excess.wide.push(say(grant));
    const alike = granted.filter(({ policy, action }) => policy === grant.policy && action === grant.action);
    if (grant.reason.unused && alike.every(isUsed)) excess.unneeded.push(say(grant));
    if (grant.reason.wide && !alike.some(isWide)) excess.unneeded.push(say(grant));
  }
  return { ...excess, unneeded: [...new Set(excess.unneeded)] };
}

function isGrantOf({ roles, action, resource, isAllBut }: Granted, used: string): boolean {
  const [role = '', usedAction = '', ...rest] = used.split(' ');
  if (!roles.includes(role) || action !== usedAction) return false;
  const pattern = resource.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${pattern}$`, 's').test(rest.join(' ')) !== isAllBut;
}

/** As `lib/grant-reason.ts` has put them beside the grants, by policy and action. */
function reasonsIn(assembly: string): Record<string, Reasons> {
  const file = join(assembly, 'TocsinOperations.template.json');
  const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as {
    Resources: Record<string, { Metadata?: { 'Tocsin::GrantReasons'?: Reasons } }>;
  };
  return Object.fromEntries(
    Object.entries(Resources).flatMap(([id, { Metadata }]) => {
      const reasons = Metadata?.['Tocsin::GrantReasons'];
      return reasons ? [[id, reasons]] : [];
    }),
  );
}

function listed(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
