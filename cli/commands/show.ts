/** `tocsin show ID`: one alert, who is paged next, and what happened. */
import type { Command } from 'commander';
import { print, printJson } from '../print.ts';
import { renderAlert } from '../render-alerts.ts';
import { type CommonOptions, connect, withConnection } from './connect.ts';

export function addShow(program: Command): void {
  withConnection(
    program
      .command('show')
      .description('show one alert, who is paged next, and what happened')
      .argument('<id>', 'its id, or the beginning of it'),
  ).action(async (prefix: string, options: CommonOptions) => {
    const { operator, procedures, paint } = await connect(options);
    const id = await operator.resolveId(prefix);
    const [{ alert, timeline }, { operations, nowMs }] = await Promise.all([
      operator.ask({ command: 'show', id }, 'timeline'),
      procedures(),
    ]);
    if (options.json) printJson({ alert, timeline });
    else print(renderAlert(alert, timeline, operations, nowMs, paint));
  });
}
