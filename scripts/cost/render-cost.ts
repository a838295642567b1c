/** The cost as tables that a terminal and Markdown both show. */
import type { Cost, CostLine } from './compute-cost.ts';
import { assumptions, type Prices } from './data.ts';

/** Of what there is beside SMS. */
const LINES_SHOWN = 8;

export function renderCosts(costs: readonly Cost[], prices: Prices): string {
  return [
    `List prices of ${prices.region}, ${prices.dated}, in USD for a month of 30 days.`,
    renderTotals(costs),
    ...costs.map((cost) => renderDearest(cost, prices)),
    renderSeats(costs, prices),
    renderAssumptions(costs, prices),
  ].join('\n\n');
}

function renderTotals(costs: readonly Cost[]): string {
  const services = [...new Set(costs.flatMap(({ lines }) => lines.map(({ service }) => service)))];
  const usdOf = ({ lines }: Cost, service: string) =>
    lines.reduce((sum, line) => sum + (line.service === service ? line.usd : 0), 0);
  const byLast = services.sort((a, b) => usdOf(costs.at(-1)!, b) - usdOf(costs.at(-1)!, a));
  const total = (name: string, of: (cost: Cost) => number) => [
    `**${name}**`,
    ...costs.map((cost) => usd(of(cost))),
  ];
  return table(
    ['', ...costs.map(nameOf)],
    [
      ...byLast.map((service) => [service, ...costs.map((cost) => usd(usdOf(cost, service)))]),
      total('together', ({ totalUsd }) => totalUsd),
      total('less what an account has free', ({ totalWithFreeUsd }) => totalWithFreeUsd),
      total('of it while nothing happens', ({ idleUsd }) => idleUsd),
      total('for each responder', ({ perResponderUsd }) => perResponderUsd),
    ],
  );
}

function renderDearest(cost: Cost, prices: Prices): string {
  const sms = cost.lines.filter(({ service }) => service === 'SMS').reduce((sum, one) => sum + one.usd, 0);
  const dearest = group(cost.lines.filter(({ service }) => service !== 'SMS')).slice(0, LINES_SHOWN);
  const share = cost.totalUsd > 0 ? Math.round((100 * sms) / cost.totalUsd) : 0;
  return [
    `${nameOf(cost)}: SMS are ${share} % of it. What is dearest beside them:`,
    table(
      ['what', 'how much', '', 'USD'],
      dearest.map(({ service, item, cause, quantity, usd: price }) => [
        cause === '' ? service : `${service}: ${cause}`,
        count(quantity),
        prices.items[item].unit,
        usd(price),
      ]),
    ),
  ].join('\n\n');
}

/** All alarms are one thing to whoever reads this. */
function group(lines: readonly CostLine[]): CostLine[] {
  const all = lines.filter(({ item }) => item === 'alarm');
  const sum = (of: (line: CostLine) => number) => all.reduce((total, line) => total + of(line), 0);
  const [first] = all;
  if (!first) return [...lines];
  const alarms = {
    ...first,
    cause: '',
    quantity: sum(({ quantity }) => quantity),
    usd: sum(({ usd }) => usd),
  };
  return [alarms, ...lines.filter(({ item }) => item !== 'alarm')].sort((a, b) => b.usd - a.usd);
}

function renderSeats(costs: readonly Cost[], { seats }: Prices): string {
  return [
    'What others ask for the same people, by their list prices. Most of them have some SMS and calls in it:',
    table(
      ['', 'a seat, by month', 'by year', ...costs.map(nameOf), 'seen', 'confirmed'],
      [
        ['**Tocsin**', '', '', ...costs.map(({ totalUsd }) => usd(totalUsd)), '', ''],
        ...seats.map((seat) => [
          seat.product,
          usd(seat.usdMonthly),
          seat.usdYearly === null ? '' : usd(seat.usdYearly),
          ...costs.map(({ responders }) => usd(responders * seat.usdMonthly)),
          seat.seen,
          seat.confirmed.startsWith('not confirmed') ? 'no' : 'from a transcript',
        ]),
      ],
    ),
  ].join('\n\n');
}

function renderAssumptions(costs: readonly Cost[], prices: Prices): string {
  const { people, latencyMs, lambda, polling } = assumptions;
  const played = costs.map(
    ({ alertsPerDay, installations, simulatedAlerts }) =>
      `${count(simulatedAlerts)} of ${count(Math.ceil((alertsPerDay * 30) / installations))}`,
  );
  return [
    'Counted: calls, bytes, units, requests, log lines and messages of the real bundles in the local world, wired from the template. Assumed:',
    '',
    `- Alerts played: ${played.join('; ')} (in one installation, where there are several). The others cost the same.`,
    `- ${percent(costs[0]!.smsShare)} of the alerts page by SMS and email, the others by email alone. A text message costs ${prices.items['sms-part'].usd}.`,
    ...people.answers.map(
      ({ who, share, ackAfterMinutes, okAfterMinutes }) =>
        `- ${percent(share)}: ${who}${ackAfterMinutes === null ? '' : ` acknowledges after ${ackAfterMinutes} min`}; the alarm is OK after ${okAfterMinutes} min.`,
    ),
    `- A call takes ${latencyMs.dynamodb} ms in DynamoDB, ${latencyMs.sqs} in SQS, ${latencyMs.sns} in SNS, ${latencyMs.cloudwatch} in CloudWatch; calls side by side take the time of the longest.`,
    `- A function computes ${lambda.vcpuMsPerInvocation} ms, and ${lambda.vcpuMsPerCall} ms for each call, on a whole vCPU; it starts in ${lambda.initMs} ms, and is kept for ${lambda.keptWarmMinutes} min.`,
    `- Lambda asks each queue ${polling.pollersPerQueue} times in ${polling.everyS} s.`,
    '- The table is a year old. Sources and the rest: `scripts/cost/prices.json`, `scripts/cost/assumptions.json`.',
  ].join('\n');
}

function nameOf({ alertsPerDay, responders, installations }: Cost): string {
  const several = installations > 1 ? ` in ${installations} installations` : '';
  return `${count(alertsPerDay)} alerts a day, ${count(responders)} responders${several}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => Array.from(row[column]!).length)),
  );
  const isNumber = (column: number) => column > 0 && rows.every((row) => /^[\d.,]*$/.test(row[column]!));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (isNumber(column) ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function usd(amount: number): string {
  return amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** Three digits are enough for what is partly assumed; what is small is not rounded away. */
function count(amount: number): string {
  return amount.toLocaleString('en-US', { maximumSignificantDigits: amount >= 1_000_000 ? 3 : 4 });
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
