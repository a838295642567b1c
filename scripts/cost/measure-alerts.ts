/** What alerts cost beyond a month in which nothing happens: some are played, and stand for all of the month. */
import { type Item, itemSizeBytes } from '../../local/dynamodb/attribute-value.ts';
import { ofType, type Properties } from '../../local/template.ts';
import { assumptions } from './data.ts';
import { type Idle, MONTH_MS, START_MS } from './measure-idle.ts';
import { entryOf } from './meter-table.ts';
import { type MeteredWorld, openMeteredWorld } from './meter-world.ts';
import { rowKind } from './row-kind.ts';
import { simulateAlerts } from './simulate-alerts.ts';
import { Usage } from './usage.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const GB = 1e9;

/** There is one of each alarm or contact, however many alerts there are. */
const ONE_EACH: ReadonlySet<string> = new Set([
  'alerts',
  'slots',
  'the audits',
  'the situation',
  'the heartbeat',
]);

export type AlertsPlan = {
  assembly: string;
  idle: Idle;
  alertsPerDay: number;
  smsShare: number;
  simulated: number;
};

/** @returns for all alerts of a month */
export async function measureAlerts({
  assembly,
  idle,
  alertsPerDay,
  smsShare,
  simulated,
}: AlertsPlan): Promise<Usage> {
  const usage = new Usage();
  if (simulated === 0) return usage;
  const world = await openMeteredWorld({ assembly, startMs: START_MS });
  const tookMs = await simulateAlerts(world, { alerts: simulated, alertsPerDay, smsShare });
  for (const one of world.readUsage().values()) usage.addAll(one);
  // The runs of schedules are in the month already; here are those that had to be made, and what they did for alerts.
  const calls = world.countCalls();
  for (const [name, run] of idle.run) usage.addAll(run, -(calls.get(name) ?? 0));
  for (const [name, hours] of world.readMetricHours())
    if (!idle.metrics.has(name)) usage.add('metric', name, (hours * HOUR_MS) / tookMs / simulated);
  const month = new Usage();
  const times = (alertsPerDay * (MONTH_MS / DAY_MS)) / simulated;
  month.addAll(usage, times);
  addStorage(month, world, times);
  addKeptLogs(month);
  return month;
}

/** A row that expires is there for as long as it lives, and for no longer than the table has been. */
function addStorage(month: Usage, world: MeteredWorld, times: number): void {
  const { months, overheadBytes } = assumptions.storage;
  const [table] = ofType(world.resources, 'AWS::DynamoDB::Table');
  const indexes = ((table!.properties.GlobalSecondaryIndexes ?? []) as Properties[]).map(({ KeySchema }) =>
    (KeySchema as Properties[]).map(({ AttributeName }) => String(AttributeName)),
  );
  for (const item of world.tables.items(String(table!.properties.TableName))) {
    const kind = rowKind(item);
    const entries = indexes.map((keys) => entryOf(item, keys)).filter((entry) => entry !== undefined);
    const indexBytes = entries.reduce(
      (sum, entry) => sum + Buffer.byteLength(entry) + keyBytes(item) + overheadBytes,
      0,
    );
    const bytes = itemSizeBytes(item) + overheadBytes + indexBytes;
    const lives = item.expiresAtEpochS
      ? Math.min(months, (Number(item.expiresAtEpochS.N) * 1000 - world.nowMs()) / MONTH_MS)
      : months;
    const copies = ONE_EACH.has(kind) ? 1 : times * lives;
    month.add('dynamodb-storage', kind, (bytes * copies) / GB);
    month.add('dynamodb-pitr', kind, (bytes * copies) / GB);
  }
}

function keyBytes({ pk, sk }: Item): number {
  return Buffer.byteLength(pk!.S!) + Buffer.byteLength(sk!.S!);
}

function addKeptLogs(month: Usage): void {
  const { keptMonths, keptShare } = assumptions.logs;
  month.add('log-kept-gb', 'of alerts', month.quantityOf('log-gb') * keptMonths * keptShare);
}
