/** Loads each function's code as Lambda would: alone in a folder, by a plain Node.js, with the template's environment. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Arguments: the cloud assembly, and the template in it. */
const [ASSEMBLY = 'cdk.out', TEMPLATE = 'TocsinOperations.template.json'] = process.argv.slice(2);

/** Stands for what CloudFormation fills in, whatever it is. */
const FILLED_IN = 'arn:aws:sns:eu-west-1:123456789012:placeholder';

const LOAD = `
  const { handler } = await import('./index.mjs');
  if (typeof handler !== 'function') throw new Error('it exports no function \`handler\`');
`;

const { Resources } = JSON.parse(readFileSync(join(ASSEMBLY, TEMPLATE), 'utf8'));
const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
if (functions.length === 0) throw new Error(`${TEMPLATE} has no functions`);
for (const fn of functions) load(fn);

function load({ Properties }) {
  // Elsewhere: nothing of the checkout's node_modules is in reach.
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bundle-'));
  // CDK names an asset's folder and its object in the bucket by the same hash.
  const asset = `asset.${Properties.Code.S3Key.replace('.zip', '')}`;
  cpSync(join(ASSEMBLY, asset), folder, { recursive: true });
  const keys = Object.keys(Properties.Environment.Variables);
  const env = { AWS_REGION: 'eu-west-1', ...Object.fromEntries(keys.map((key) => [key, FILLED_IN])) };
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', LOAD], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 30_000,
  });
  rmSync(folder, { recursive: true });
  console.log(`${status === 0 ? 'loads' : 'FAILS'}  ${Properties.FunctionName}`);
  if (status === 0) return;
  console.log(stderr);
  process.exitCode = 1;
}
