/** Lambda: Invoke, and the account's settings, for the command line and for functions that may. */
import type { Invoke } from '../functions/functions.ts';
import { AwsError } from './call.ts';
import { type Service, text } from './service.ts';

type Functions = {
  invoke: Invoke;
  invokeLater(name: string, event: unknown): void;
  settings(name: string): { arn: string } | undefined;
};

/** As much as an account has that asked for it; a new one has 10. */
const CONCURRENT_EXECUTIONS = 1000;

export function lambda(functions: () => Functions): Service {
  return {
    grants(action, input) {
      if (action === 'GetAccountSettings') return [{ action: 'lambda:GetAccountSettings', resource: '*' }];
      if (action !== 'Invoke') return undefined;
      const arn = functions().settings(text(input, 'FunctionName'))?.arn ?? '';
      return [{ action: 'lambda:InvokeFunction', resource: arn }];
    },
    async handle({ action, input }) {
      if (action === 'GetAccountSettings') return accountSettings();
      const name = text(input, 'FunctionName');
      if (!functions().settings(name)) {
        throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
      }
      if (input.InvocationType === 'Event') {
        functions().invokeLater(name, input.Payload);
        return { status: 202 };
      }
      const result = await functions().invoke(name, input.Payload);
      if (result.kind === 'answered') return { status: 200, payload: result.payload };
      const { errorType, errorMessage } = result;
      return { status: 200, functionError: 'Unhandled', payload: { errorType, errorMessage } };
    },
  };
}

function accountSettings() {
  return {
    AccountLimit: {
      ConcurrentExecutions: CONCURRENT_EXECUTIONS,
      UnreservedConcurrentExecutions: CONCURRENT_EXECUTIONS,
    },
    AccountUsage: { FunctionCount: 0, TotalCodeSize: 0 },
  };
}
