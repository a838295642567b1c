/** What each service of the local AWS is: which permission a call needs, and what it answers. */
import type { AwsCall, Input } from './call.ts';

/** One permission that a call needs. */
export type Grant = { action: string; resource: string };

export type Service = {
  /** the permissions that IAM asks for, or nothing when the call is unknown */
  grants(action: string, input: Input): Grant[] | undefined;
  /** @throws AwsError for what AWS would refuse */
  handle(call: AwsCall): unknown;
};

export function text(input: Input, name: string): string {
  return String(input[name] ?? '');
}
