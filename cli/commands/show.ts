/** `tocsin show ID…`: an alert, who is paged next, and what happened. */
import type { Command } from 'commander';
import { print, printJson } from '../print.ts';
import { renderAlert } from '../render-alerts.ts';
import { type CommonOptions, connect, withConnection } from './connect.ts';

export function addShow(program: Command): void {
  withConnection(
    program
      .command('show')
      .description('show an alert, who is paged next, and what happened')
      .argument('<id...>', 'its id, or the beginning of it; several show one after the other')
      .option('--all', 'show its earlier lives, too'),
  ).action(async (prefixes: string[], options: CommonOptions & { all?: boolean }) => {
    const { operator, procedures, paint } = await connect(options);
    const { operations, nowMs } = await procedures();
    for (const [index, prefix] of prefixes.entries()) {
      const id = await operator.resolveId(prefix);
      const {
        alert,
        timeline,
        earlier = [],
      } = await operator.ask({ command: 'show', id, all: options.all }, 'timeline');
      const lives = [{ alert, timeline }, ...earlier];
      if (options.json) {
        printJson(...lives);
        continue;
      }
      for (const [life, { alert, timeline }] of lives.entries()) {
        if (index > 0 || life > 0) print(['']);
        print(renderAlert(alert, timeline, operations, nowMs, paint));
      }
    }
  });
}
