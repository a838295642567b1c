/** Why a role holds more than its calls show the need of: said beside the grant, and kept in the template with it. */
import { CfnManagedPolicy, CfnPolicy, type IRole, type ManagedPolicy } from 'aws-cdk-lib/aws-iam';

/** In the policy's metadata: by action, its reasons. `test/security/least-privilege.test.ts` holds grants to them. */
const METADATA = 'Tocsin::GrantReasons';

export type GrantReason = {
  readonly actions: readonly string[];
  /** the grant is used by no call of a function of ours: an AWS service, or a person, acts by it */
  readonly unused?: string;
  /** the grant names more resources than are used */
  readonly wide?: string;
};

/** @param holder  what the statement was added to, before */
export function giveReason(holder: IRole | ManagedPolicy, { actions, ...reason }: GrantReason): void {
  const policy = holder.node.tryFindChild('DefaultPolicy') ?? holder;
  const resource = policy.node.defaultChild;
  if (!(resource instanceof CfnPolicy) && !(resource instanceof CfnManagedPolicy))
    throw new Error(`${holder.node.path} has no policy yet: grant first`);
  const given = Object.fromEntries(actions.map((action) => [action, reason]));
  resource.addMetadata(METADATA, { ...resource.getMetadata(METADATA), ...given });
}
