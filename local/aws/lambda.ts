/** Lambda: Invoke, for the command line and for functions that may. */
import type { Invoke } from '../functions/functions.ts';
import { AwsError } from './call.ts';
import { type Service, text } from './service.ts';

type Functions = {
  invoke: Invoke;
  invokeLater(name: string, event: unknown): void;
  settings(name: string): { arn: string } | undefined;
};

export function lambda(functions: () => Functions): Service {
  return {
    grants(action, input) {
      if (action !== 'Invoke') return undefined;
      const arn = functions().settings(text(input, 'FunctionName'))?.arn ?? '';
      return [{ action: 'lambda:InvokeFunction', resource: arn }];
    },
    async handle({ input }) {
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
