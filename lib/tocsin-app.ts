/** The CDK app: two stacks, so that what is kept and what runs are apart. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { App, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { smsFailureLogsName } from './delivery.ts';
import { Operations } from './operations.ts';
import { checkPrefix, DEFAULT_PREFIX } from './prefix.ts';
import { State } from './state.ts';
import type { Assembly, SynthesizeProps } from './synth-app.ts';

/** In code, not in cdk.json: the templates are the same whether the CLI runs the app or not. */
const CONTEXT = {
  ...createRequire(import.meta.url)('aws-cdk-lib/recommended-feature-flags.json'),
  // Plain exports: whatever reads CloudFormation understands them.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:enable-path-metadata': true,
};

export class TocsinApp extends App {
  private readonly checked: boolean;
  private readonly stateStack: Stack;
  private readonly operationsStack: Stack;

  constructor(props: SynthesizeProps) {
    const { operations, outdir, runbooksUrl, dashboard, consumersMost, nag = true } = props;
    const prefix = checkPrefix(props.prefix ?? DEFAULT_PREFIX);
    super({
      outdir,
      postCliContext: CONTEXT,
      analyticsReporting: false,
      treeMetadata: false,
      builtinCloudFormationValidation: nag,
    });
    this.checked = nag;
    this.stateStack = new Stack(this, 'TocsinState', {
      stackName: `${prefix}-state`,
      description: 'Tocsin: what must not be lost',
      terminationProtection: true,
      synthesizer: plainSynthesizer(),
    });
    const state = new State(this.stateStack, 'State', { prefix });
    this.operationsStack = new Stack(this, 'TocsinOperations', {
      stackName: `${prefix}-operations`,
      description: 'Tocsin: what runs',
      synthesizer: plainSynthesizer(),
    });
    const smsFailureLogs = props.smsFailureLogsExist
      ? LogGroup.fromLogGroupName(
          this.operationsStack,
          'SmsFailureLogs',
          smsFailureLogsName(this.operationsStack),
        )
      : undefined;
    new Operations(this.operationsStack, 'Ops', operations, {
      prefix,
      state,
      smsFailureLogs,
      runbooksUrl,
      dashboard,
      consumersMost,
    });
  }

  /** @throws when a template is not clean */
  write(): Assembly {
    const { directory } = this.synth({ skipValidation: !this.checked });
    return {
      directory,
      templates: {
        state: join(directory, this.stateStack.templateFile),
        operations: join(directory, this.operationsStack.templateFile),
      },
    };
  }
}

/** The CLI looks for the bootstrap stack by itself; the template needs no parameter for it. */
function plainSynthesizer(): DefaultStackSynthesizer {
  return new DefaultStackSynthesizer({ generateBootstrapVersionRule: false });
}
