/** What a template must pass beyond CDK's own rules: cdk-nag's AwsSolutions pack, each exception with its reason. */
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

/** Synthesis fails when the pack finds something that nobody has acknowledged. */
export function addChecks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}
