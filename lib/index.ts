/** What the package exports to a CDK app. */
export { defineOperations } from '../functions/operations/define-operations.ts';
export type { Operations as Procedures } from '../functions/operations/operations.ts';
export type {
  EscalationPolicyInput,
  EscalationStepInput,
  OperationsInput,
  ResponderInput,
  RouteInput,
  ServiceInput,
} from '../functions/operations/operations-input.ts';
export { Operations, type OperationsProps } from './operations.ts';
export { State, type StateProps } from './state.ts';
