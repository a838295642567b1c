/** The CDK app: operations.ts in, stacks out; no decisions. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { kindOf, messageOf } from '../functions/shared/errors.ts';
import { synthesize } from '../lib/synth-app.ts';

const file = resolve(process.env.TOCSIN_OPERATIONS ?? 'operations.ts');
try {
  const { default: operations } = await import(pathToFileURL(file).href);
  await synthesize({
    operations,
    outdir: process.env.CDK_OUTDIR ?? 'cdk.out',
    prefix: process.env.TOCSIN_PREFIX,
    smsFailureLogsExist: process.env.TOCSIN_SMS_FAILURE_LOGS === 'exist',
    runbooksUrl: process.env.TOCSIN_RUNBOOKS_URL,
  });
} catch (error) {
  // A mistake in the team's file is told without a stack trace.
  if (kindOf(error) !== 'rejected') throw error;
  console.error(`${file}: ${messageOf(error)}`);
  process.exitCode = 1;
}
