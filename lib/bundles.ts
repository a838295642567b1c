/** The code of each function as one file, in `dist/functions`: built from a checkout, or shipped with the package. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OpsError } from '../functions/shared/errors.ts';

/** Each bundle and its handler, relative to the project. */
export const HANDLERS = {
  intake: 'functions/intake/intake.handler.ts',
  page: 'functions/paging/page.handler.ts',
  tick: 'functions/tick/tick.handler.ts',
  'second-tick': 'functions/tick/second-tick.handler.ts',
  answer: 'functions/console/answer.handler.ts',
  operate: 'functions/console/operate.handler.ts',
  'escalation-audit': 'functions/watchers/escalation-audit.handler.ts',
  webhook: 'functions/intake/webhook.handler.ts',
  audit: 'functions/doctor/audit.handler.ts',
  delivery: 'functions/paging/delivery.handler.ts',
} as const;
export type BundleName = keyof typeof HANDLERS;

/** Above `lib` in a checkout, above `dist/esm/lib` where this is compiled for the package. */
const IS_COMPILED = import.meta.url.endsWith('.js');
export const PROJECT = fileURLToPath(new URL(IS_COMPILED ? '../../..' : '..', import.meta.url));

/** Holds `<name>/index.mjs`. */
export const BUNDLES = `${PROJECT}dist/functions`;

/**
 * The file of a bundle.
 * @throws OpsError `rejected` when it was neither built nor shipped
 */
export function bundleFile(name: BundleName): string {
  const file = `${BUNDLES}/${name}/index.mjs`;
  if (existsSync(file)) return file;
  throw new OpsError('rejected', `there is no ${file}: run \`npm run build\``);
}
