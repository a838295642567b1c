/** Why a role holds more than its calls show the need of: said beside the grant, and kept in the template with it. */
import {
  CfnManagedPolicy,
  CfnPolicy,
  type IRole,
  type ManagedPolicy,
  type PolicyStatement,
} from 'aws-cdk-lib/aws-iam';

/** In the policy's metadata: statements, each with its reasons. `test/security/grants-used.ts` holds grants to them. */
const METADATA = 'Tocsin::GrantReasons';

export type GrantReason = {
  /** the grant is used by no call of a function of ours: an AWS service, or a person, acts by it */
  readonly unused?: string;
  /** the grant names more resources than are used */
  readonly wide?: string;
};

/**
 * @param holder  what the statement was added to, before
 * @param statement  of which the reason speaks, and of no other with the same actions
 */
export function giveReason(
  holder: IRole | ManagedPolicy,
  { actions, resources, notResources }: PolicyStatement,
  reason: GrantReason,
): void {
  const policy = holder.node.tryFindChild('DefaultPolicy') ?? holder;
  const resource = policy.node.defaultChild;
  if (!(resource instanceof CfnPolicy) && !(resource instanceof CfnManagedPolicy))
    throw new Error(`${holder.node.path} has no policy yet: grant first`);
  const named = notResources.length > 0 ? { NotResource: notResources } : { Resource: resources };
  const before = (resource.getMetadata(METADATA) ?? []) as object[];
  resource.addMetadata(METADATA, [...before, { Action: actions, ...named, ...reason }]);
}
