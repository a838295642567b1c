/** The CDK app: operations.ts in, stacks out; no decisions. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { kindOf, messageOf } from '../functions/shared/errors.ts';
import { synthesize } from '../lib/synth-app.ts';

const { env } = process;
const file = resolve(env.TOCSIN_OPERATIONS || 'operations.ts');
let about = `${file}: `;
try {
  const { default: operations } = await import(pathToFileURL(file).href);
  about = '';
  await synthesize({
    operations,
    outdir: env.CDK_OUTDIR ?? 'cdk.out',
    prefix: env.TOCSIN_PREFIX || undefined,
    smsFailureLogsExist: env.TOCSIN_SMS_FAILURE_LOGS === 'exist',
    runbooksUrl: env.TOCSIN_RUNBOOKS_URL || undefined,
    dashboard: env.TOCSIN_DASHBOARD !== 'none',
    consumersMost: env.TOCSIN_CONSUMERS_MOST ? Number(env.TOCSIN_CONSUMERS_MOST) : undefined,
  });
} catch (error) {
  // A mistake in the team's file, or in a setting, is told without a stack trace.
  if (kindOf(error) !== 'rejected') throw error;
  console.error(`${about}${messageOf(error)}`);
  process.exitCode = 1;
}
