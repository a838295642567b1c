/** From procedures to a cloud assembly: bundles, templates, assets. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Operations } from '../functions/operations/operations.ts';
import { buildBundles } from './build-bundles.ts';
import type { OperationsProps } from './operations.ts';

export type SynthesizeProps = Pick<
  OperationsProps,
  'prefix' | 'runbooksUrl' | 'dashboard' | 'consumersMost'
> & {
  readonly operations: Operations;
  readonly outdir: string;
  /**
   * The account has SNS's log group for SMS that failed already: use it, do not create it.
   * @default false
   */
  readonly smsFailureLogsExist?: boolean | undefined;
  /**
   * Check the templates against AWS's schemas and cdk-nag's AwsSolutions pack, and fail when they are not clean.
   * @default true
   */
  readonly nag?: boolean | undefined;
};

export type Assembly = {
  readonly directory: string;
  /** paths of the two templates */
  readonly templates: { readonly state: string; readonly operations: string };
};

/**
 * Builds the bundles and writes the cloud assembly.
 * @throws when a bundle cannot be built or a template is not clean
 */
export async function synthesize(props: SynthesizeProps): Promise<Assembly> {
  // Side by side: the bundler is a process of its own, and loading CDK takes as long.
  const building = buildBundles();
  const { TocsinApp } = await import('./tocsin-app.ts');
  await building;
  removeOldAssets(props.outdir);
  const app = new TocsinApp(props);
  if (props.nag ?? true) {
    const { addChecks } = await import('./checks.ts');
    addChecks(app);
  }
  return app.write();
}

/** CDK keeps the assets of every earlier run; whoever looks for the functions wants those of this one. */
function removeOldAssets(outdir: string): void {
  if (!existsSync(outdir)) return;
  const old = readdirSync(outdir).filter((name) => name.startsWith('asset.'));
  for (const name of old) rmSync(join(outdir, name), { recursive: true });
}
