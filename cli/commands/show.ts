/** `tocsin show ID`: one alert, who is paged next, and what happened. */
import type { Command } from 'commander';
import { print, terminalPaint } from '../print.ts';
import { renderAlert } from '../render-alerts.ts';

export function addShow(program: Command): void {
  program
    .command('show')
    .description('show one alert with its timeline')
    .argument('<id>', 'its id, or the beginning of it')
    .option('--json', 'print JSON')
    .action(async (prefix: string, options: { json?: boolean }) => {
      const { connectWorld } = await import('../running-world.ts');
      const { operator, operations, nowMs } = await connectWorld();
      const { alert, timeline } = await operator.show(await operator.resolveId(prefix));
      if (options.json) print([JSON.stringify({ alert, timeline })]);
      else print(renderAlert(alert, timeline, operations, nowMs, terminalPaint()));
    });
}
