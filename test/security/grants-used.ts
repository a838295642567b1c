/** What the policies of a template grant, what recorded calls used of it, and what is left over without a reason. */
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
/** As `lib/grant-reason.ts` has put it beside the grant: of one statement, and of no other. */
type Reason = Omit<Statement, 'Effect'> & Granted['reason'];

type RawPolicy = { Metadata?: Properties; Properties?: Properties };

const REASONS = 'Tocsin::GrantReasons';

/** Any of the responders may be on call, and their topics are granted together: used is one, used are all. */
const RESPONDER = /:tocsin-responder-[\w-]+$/;

/** Every grant of every policy in the template; a statement in another form than these is an error. */
export function grantedIn(assembly: string, place: Place, edit?: EditTemplate): Granted[] {
  const { resources } = readAssembly(assembly, place, (template) => {
    edit?.(template);
    readReasonsToo(template);
  });
  const roles = new Map(
    resources
      .filter(({ type }) => type === 'AWS::IAM::Role')
      .map((role) => [role.attributes.Ref, role.attributes.Arn!]),
  );
  const inline = resources.filter(({ properties }) => properties.Policies !== undefined);
  if (inline.length > 0) throw new Error(`${inline[0]!.logicalId} has inline policies: read them here`);
  return resources
    .filter(({ type }) => type === 'AWS::IAM::Policy' || type === 'AWS::IAM::ManagedPolicy')
    .flatMap(({ logicalId, properties }) => {
      const { Statement } = properties.PolicyDocument as Properties;
      const holders = listed(properties.Roles).map((name) => roles.get(name) ?? name);
      const reasons = (properties[REASONS] ?? []) as unknown as Reason[];
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
            reason: reasonOf({ action, resource, isAllBut }, reasons),
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
    const { unused, wide } = grant.reason;
    if (!unused && !isUsed(grant)) excess.unused.push(say(grant));
    if (!wide && isWide(grant)) excess.wide.push(say(grant));
    // One statement may name a group of logs and its streams: of these only the streams are wide.
    const alike = granted.filter(({ reason, action }) => reason === grant.reason && action === grant.action);
    if ((unused && alike.every(isUsed)) || (wide && !alike.some(isWide))) excess.unneeded.push(say(grant));
  }
  return excess;
}

function isGrantOf({ roles, action, resource, isAllBut }: Granted, used: string): boolean {
  const [role = '', usedAction = '', ...rest] = used.split(' ');
  if (!roles.includes(role) || action !== usedAction) return false;
  const pattern = resource.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${pattern}$`, 's').test(rest.join(' ')) !== isAllBut;
}

/** Puts a policy's metadata where its intrinsics are evaluated. */
const readReasonsToo: EditTemplate = ({ Resources }) => {
  for (const { Metadata, Properties } of Object.values(Resources as Record<string, RawPolicy>)) {
    if (Metadata?.[REASONS]) Properties![REASONS] = Metadata[REASONS];
  }
};

function reasonOf(
  { action, resource, isAllBut }: Pick<Granted, 'action' | 'resource' | 'isAllBut'>,
  reasons: readonly Reason[],
): Granted['reason'] {
  const own = reasons.find(
    ({ Action, Resource, NotResource }) =>
      listed(Action).includes(action) && listed(isAllBut ? NotResource : Resource).includes(resource),
  );
  return own ?? {};
}

function listed(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
