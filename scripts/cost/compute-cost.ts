/** A month's cost of a setting: so many alerts a day, so many responders. */
import { assemblyOf } from '../../local/assembly-cache.ts';
import { assumptions, type Item, type Prices } from './data.ts';
import { generateTeam, RESPONDERS_MOST } from './generate-team.ts';
import { measureAlerts } from './measure-alerts.ts';
import { MONTH_MS, measureIdle } from './measure-idle.ts';
import { Usage } from './usage.ts';

const DAY_MS = 86_400_000;

export type Setting = {
  alertsPerDay: number;
  responders: number;
  /** of alerts that page by SMS and email; the others page by email alone */
  smsShare: number;
};

export type CostLine = { service: string; item: Item; cause: string; quantity: number; usd: number };

export type Cost = Setting & {
  /** more than one where there are more responders than one file holds; the figures are those of all together */
  installations: number;
  /** alerts that were played, in one installation; they stand for all */
  simulatedAlerts: number;
  /** at list price, the dearest first */
  lines: CostLine[];
  /** USD a month, at list price */
  idleUsd: number;
  alertsUsd: number;
  totalUsd: number;
  /** less what an account has free each month */
  totalWithFreeUsd: number;
  perResponderUsd: number;
};

/** @param simulatedMost  so many alerts are played at most; more would say the same */
export async function computeCost(setting: Setting, prices: Prices, simulatedMost: number): Promise<Cost> {
  const { alertsPerDay, responders, smsShare } = setting;
  const installations = Math.ceil(responders / RESPONDERS_MOST);
  const assembly = await assemblyOf(generateTeam(Math.ceil(responders / installations)));
  const perDay = alertsPerDay / installations;
  const simulatedAlerts = Math.min(Math.ceil((perDay * MONTH_MS) / DAY_MS), simulatedMost);
  const idle = await measureIdle(assembly);
  addKeptLogs(idle.month);
  const alerts = await measureAlerts({
    assembly,
    idle,
    alertsPerDay: perDay,
    smsShare,
    simulated: simulatedAlerts,
  });
  const usage = new Usage();
  usage.addAll(idle.month, installations);
  usage.addAll(alerts, installations);
  const idleUsd = sum(priceUsage(idle.month, prices)) * installations;
  const lines = priceUsage(usage, prices);
  const totalUsd = sum(lines);
  return {
    ...setting,
    installations,
    simulatedAlerts,
    lines,
    idleUsd,
    alertsUsd: totalUsd - idleUsd,
    totalUsd,
    totalWithFreeUsd: totalUsd - freeUsd(usage, prices),
    perResponderUsd: totalUsd / responders,
  };
}

function addKeptLogs(month: Usage): void {
  const { keptMonths, keptShare } = assumptions.logs;
  month.add('log-kept-gb', 'of schedules', month.quantityOf('log-gb') * keptMonths * keptShare);
}

export function priceUsage(usage: Usage, prices: Prices): CostLine[] {
  return usage
    .lines()
    .map(({ item, cause, quantity }) => {
      const { service, usd, per } = prices.items[item];
      return { service, item, cause, quantity, usd: (quantity * usd) / per };
    })
    .sort((a, b) => b.usd - a.usd);
}

/** What the allowances of one account are worth. */
export function freeUsd(usage: Usage, prices: Prices): number {
  return Object.entries(prices.items).reduce((total, [item, { usd, per, free }]) => {
    return total + (Math.min(usage.quantityOf(item as Item), free) * usd) / per;
  }, 0);
}

function sum(lines: readonly CostLine[]): number {
  return lines.reduce((total, { usd }) => total + usd, 0);
}
