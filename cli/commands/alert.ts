/** `tocsin alert "…"`: opens an alert by hand or from a script, or says that it is over. */
import { type Command, Option } from 'commander';
import type { Severity } from '../../functions/alerts/alert.ts';
import { OpsError } from '../../functions/shared/errors.ts';
import { print, printJson } from '../print.ts';
import { type CommonOptions, connect, withConnection } from './connect.ts';
import { addLabelOption, SEVERITIES } from './match-options.ts';

type Options = CommonOptions & {
  severity?: Severity;
  service?: string;
  key?: string;
  label?: Record<string, string>;
  description?: string;
  resolve?: boolean;
};

export function addAlert(program: Command): void {
  withConnection(
    addLabelOption(
      program
        .command('alert')
        .description('open an alert, or with --resolve say that it is over')
        .argument('<title>', 'what is broken, in one line')
        .addOption(new Option('--severity <severity>', 'what a route says counts more').choices(SEVERITIES))
        .option('--service <name>', 'whose it is: a service of operations.ts')
        .option('--key <key>', 'its name: the same key again is the same alert; else one is made')
        .option('--description <text>', 'what else one needs to know')
        .option('--resolve', 'the alert of that --key is over'),
      'for routes, windows and silences; may be repeated',
    ),
  ).action(raise);
}

async function raise(title: string, options: Options): Promise<void> {
  if (options.resolve && options.key === undefined) {
    throw new OpsError('rejected', '--resolve: which alert? Give the --key with which it was opened');
  }
  const { operator, procedures, by } = await connect(options);
  const { quietMinutes } = (await procedures()).operations;
  const { severity, service, key, description, label: labels, resolve: resolved } = options;
  const raised = await operator.ask(
    { command: 'alert', by, title, key, severity, service, description, labels, resolved },
    'key',
  );
  if (options.json) return printJson(raised);
  print(
    resolved
      ? [`Told: alert ${raised.alert} is over. It resolves in ${quietMinutes} min unless it comes back.`]
      : [
          `Alert ${raised.alert} is on its way.`,
          `  to look at it   tocsin show ${raised.alert}`,
          `  when it's over  tocsin alert ${quote(title)} --key ${quote(raised.key)} --resolve`,
        ],
  );
}

/** For a shell, where it needs that. */
function quote(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
