/** The CDK app: operations.ts in, stacks out; no decisions. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { synthesize } from '../lib/synth-app.ts';

const file = resolve(process.env.TOCSIN_OPERATIONS ?? 'operations.ts');
const { default: operations } = await import(pathToFileURL(file).href);
await synthesize({ operations, outdir: process.env.CDK_OUTDIR ?? 'cdk.out' });
