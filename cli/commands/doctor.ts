/** `tocsin doctor`: would a page get through now? Each thing that was looked at, and what to do. */
import type { Command } from 'commander';
import type { AuditAnswer, AuditEvent, Finding } from '../../functions/doctor/contract.ts';
import { messageOf } from '../../functions/shared/errors.ts';
import { print, printJson, terminalPaint } from '../print.ts';
import { exitCodeFor, renderFindings } from '../render-findings.ts';
import { type CommonOptions, connect, withConnection } from './connect.ts';

type Options = CommonOptions & { fix?: boolean };

const EXIT_CODES = `
Exit codes:
  0  nothing to do
  1  warnings: nothing is lost, but something wants mending
  2  a page can be lost, or whether one can could not be checked`;

export function addDoctor(program: Command): void {
  withConnection(
    program
      .command('doctor')
      .description('check that a page would get through')
      .option('--fix', 'mend what can be mended: subscribe emails anew whose subscription is gone')
      .addHelpText('after', EXIT_CODES),
  ).action(examine);
}

async function examine(options: Options): Promise<void> {
  const findings = await lookAt(options);
  if (options.json) printJson(...findings);
  else print(renderFindings(findings, terminalPaint()));
  process.exitCode = exitCodeFor(findings);
}

/** What cannot be looked at is a finding, too: whoever reads the exit code takes silence for health. */
async function lookAt(options: Options): Promise<Finding[]> {
  const connection = await connect(options).catch(couldNotCheck('connection', 'Connection'));
  if ('state' in connection) return [connection];
  const { installation, procedures } = connection;
  const event: AuditEvent = { audit: 'doctor', fix: options.fix === true };
  const [seen, operate, audit] = await Promise.all([
    installation.look().catch(couldNotCheck('look', 'Installation')),
    procedures().then(() => [], couldNotCheck('function:operate', `Function ${options.prefix}-operate`)),
    installation
      .invoke('audit', event)
      .then((answer) => (answer as AuditAnswer).findings)
      .catch(couldNotCheck('function:audit', `Function ${options.prefix}-audit`)),
  ]);
  return [seen, operate, audit].flat();
}

function couldNotCheck(id: string, title: string): (error: unknown) => Finding {
  return (error) => ({ id, state: 'failure', title, found: messageOf(error) });
}
