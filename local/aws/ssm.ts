/** SSM: the one parameter that CDK's bootstrap leaves behind. */
import { AwsError } from './call.ts';
import { type Service, text } from './service.ts';

/** Source: CDK guide, bootstrap template versions */
const BOOTSTRAP = { Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '28', Version: 1 };

export function ssm(parameterArn: (name: string) => string): Service {
  return {
    grants: (action, input) =>
      action === 'GetParameter'
        ? [{ action: 'ssm:GetParameter', resource: parameterArn(text(input, 'Name')) }]
        : undefined,
    handle({ input }) {
      const name = text(input, 'Name');
      if (name !== BOOTSTRAP.Name)
        throw new AwsError('ParameterNotFound', `the local world has no parameter ${name}`);
      return { Parameter: { ...BOOTSTRAP, ARN: parameterArn(name) } };
    },
  };
}
