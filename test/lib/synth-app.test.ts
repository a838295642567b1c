import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadOperations } from '../../functions/operations/load-operations.ts';
import { addChecks } from '../../lib/checks.ts';
import { synthesize } from '../../lib/synth-app.ts';
import { TocsinApp } from '../../lib/tocsin-app.ts';
import { resourcesOf, synthesizeForTest, type Template, TWO_RESPONDERS } from './synthesized.ts';

let outdir: string;
let template: Template;
beforeAll(async () => {
  ({ outdir, operations: template } = await synthesizeForTest());
});

const assetsOf = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.startsWith('asset.'))
    .sort();

describe('synthesize', () => {
  it('leaves one asset per function, named in the template', () => {
    const named = resourcesOf(template, 'AWS::Lambda::Function').map(
      ({ Properties }) => `asset.${Properties.Code.S3Key.replace('.zip', '')}`,
    );
    expect(named).toHaveLength(10);
    expect(assetsOf(outdir)).toEqual(named.sort());
  });

  it('removes the assets of earlier runs, and names the same code the same', async () => {
    const before = assetsOf(outdir);
    mkdirSync(join(outdir, 'asset.0123'));
    writeFileSync(join(outdir, 'asset.0123', 'index.mjs'), '');
    await synthesize({ operations: TWO_RESPONDERS, outdir, nag: false });
    expect(assetsOf(outdir)).toEqual(before);
  });

  it('stages operations.json beside each bundle', () => {
    for (const asset of assetsOf(outdir)) {
      const file = new URL(`file://${join(outdir, asset, 'operations.json')}`);
      expect(loadOperations(file)).toEqual(TWO_RESPONDERS);
    }
  });

  it('writes bundles that load alone in a plain node, each with its handler', () => {
    const environment = Object.fromEntries(
      resourcesOf(template, 'AWS::Lambda::Function')
        .flatMap(({ Properties }) => Object.keys(Properties.Environment.Variables))
        .map((key) => [key, 'arn:aws:sns:eu-west-1:123456789012:any']),
    );
    for (const asset of assetsOf(outdir)) {
      const program = `import(${JSON.stringify(join(outdir, asset, 'index.mjs'))}).then((m) => console.log(typeof m.handler))`;
      const said = execFileSync(process.execPath, ['-e', program], {
        cwd: '/',
        env: { ...environment, AWS_REGION: 'eu-west-1' },
        encoding: 'utf8',
        stdio: 'pipe',
      });
      expect(said.trim()).toBe('function');
    }
  });

  it('needs nothing but the template: no parameters, conditions, custom resources or nested stacks', () => {
    expect(Object.keys(template).sort()).toEqual(['Description', 'Outputs', 'Resources']);
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => /^(Custom::|AWS::CloudFormation::)/.test(type))).toEqual([]);
  });
});

describe('TocsinApp', () => {
  it.each(['My Team', 'a_b', '1st', '-a', '', 'a'.repeat(41)])(
    'refuses the prefix %j, and says which do',
    (prefix) => {
      expect(() => new TocsinApp({ operations: TWO_RESPONDERS, outdir, prefix })).toThrow(
        expect.objectContaining({ kind: 'rejected', message: expect.stringContaining('use 1 to 40 of a–z') }),
      );
    },
  );

  it.each([1, 2.5, Number.NaN])('refuses %d consumers of a queue', (consumersMost) => {
    expect(() => new TocsinApp({ operations: TWO_RESPONDERS, outdir, consumersMost })).toThrow(
      expect.objectContaining({
        kind: 'rejected',
        message: expect.stringContaining('a whole number from 2'),
      }),
    );
  });
});

describe('addChecks', () => {
  it('finds nothing in the stacks', () => {
    const app = new TocsinApp({ operations: TWO_RESPONDERS, outdir: join(outdir, 'clean') });
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });

  it('finds nothing either when the log group of failed SMS is not ours', () => {
    const options = { smsFailureLogsExist: true, outdir: join(outdir, 'clean-too') };
    const app = new TocsinApp({ operations: TWO_RESPONDERS, ...options });
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });

  it('makes synthesis fail when something is not clean', () => {
    const app = new App({ outdir: join(outdir, 'unclean'), builtinCloudFormationValidation: false });
    new CfnBucket(new Stack(app, 'Unclean'), 'Bucket');
    addChecks(app);
    expect(() => app.synth()).toThrow(/AwsSolutions-S1/);
  });
});
