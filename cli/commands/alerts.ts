/** `tocsin alerts`: what is open, and on request what has ended. */
import type { Command } from 'commander';
import { print, terminalPaint } from '../print.ts';
import { renderList } from '../render-alerts.ts';

export function addAlerts(program: Command): void {
  program
    .command('alerts')
    .description('list the open alerts of the running local world')
    .option('--all', 'list those that have ended, too')
    .option('--json', 'print JSON, one alert per line')
    .action(async (options: { all?: boolean; json?: boolean }) => {
      const { connectWorld } = await import('../running-world.ts');
      const { operator, operations, nowMs } = await connectWorld();
      const open = await operator.list(false);
      const alerts = options.all ? [...open, ...(await operator.list(true))] : open;
      if (options.json) print(alerts.map((alert) => JSON.stringify(alert)));
      else if (alerts.length === 0) print([options.all ? 'No alerts yet.' : 'No open alerts. All is quiet.']);
      else print(renderList(alerts, operations, nowMs, terminalPaint()));
    });
}
