import { existsSync } from 'node:fs';
import { DynamoDBDocument, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { App, Stack } from 'aws-cdk-lib';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { METRIC_NAMESPACE } from '../../functions/tick/contract.ts';
import { ESCALATION_LAG_METRIC } from '../../functions/watchers/contract.ts';
import { HANDLERS } from '../../lib/bundles.ts';
import { Operations } from '../../lib/operations.ts';
import { OWN_ALARMS } from '../../lib/watch.ts';
import {
  nameOf,
  resourcesOf,
  resourceWith,
  synthesizeForTest,
  type Template,
  TWO_RESPONDERS,
} from './synthesized.ts';

/** The alarms, with what they are above or below, for how long, and what no data means. */
const ALARMS = [
  { name: 'overdue', above: 120_000, periods: 2, missing: 'breaching' },
  { name: 'tick-missing', below: 1, periods: 3, missing: 'breaching' },
  { name: 'second-tick-failing', below: 1, periods: 3, missing: 'breaching' },
  { name: 'escalation-late', above: 120_000, periods: 1, missing: 'ignore' },
  { name: 'escalation-audit-missing', below: 1, periods: 3, missing: 'breaching' },
  { name: 'intake-late', above: 120, periods: 1, missing: 'notBreaching' },
  { name: 'intake-failing', above: 0, periods: 3, missing: 'notBreaching' },
  { name: 'intake-dead-letters', above: 0, periods: 1, missing: 'notBreaching' },
  { name: 'due-late', above: 310, periods: 1, missing: 'notBreaching' },
  { name: 'due-dead-letters', above: 0, periods: 1, missing: 'notBreaching' },
  { name: 'sends-failing', above: 2, periods: 1, missing: 'notBreaching' },
  { name: 'http-failing', above: 0, periods: 1, missing: 'notBreaching' },
];

type Widget = {
  type: string;
  width: number;
  properties: { title?: string; metrics?: unknown[][]; alarms?: string[]; markdown?: string };
};

let template: Template;
let widgets: Widget[];
beforeAll(async () => {
  template = (await synthesizeForTest()).operations;
  const [dashboard] = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
  widgets = JSON.parse(nameOf(template, dashboard?.Properties.DashboardBody)).widgets;
});

const alarmOf = (name: string) =>
  resourceWith(template, 'AWS::CloudWatch::Alarm', 'AlarmName', `tocsin-${name}`).Properties;

describe('Watch', () => {
  it('has 12 alarms', () => {
    const names = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(
      ({ Properties }) => Properties.AlarmName,
    );
    expect(names.sort()).toEqual(ALARMS.map(({ name }) => `tocsin-${name}`).sort());
    expect([...OWN_ALARMS].sort()).toEqual(ALARMS.map(({ name }) => name).sort());
  });

  it.each(ALARMS)('tells the watchers of $name, with a runbook that exists', ({ name }) => {
    const alarm = alarmOf(name);
    expect(alarm.AlarmActions.map((action: unknown) => nameOf(template, action))).toEqual([
      'tocsin-watchers',
    ]);
    const [runbook] = alarm.AlarmDescription.match(/docs\/runbooks\/\S+\.md/);
    expect(runbook).toBe(`docs/runbooks/${name}.md`);
    expect(existsSync(new URL(`../../${runbook}`, import.meta.url))).toBe(true);
  });

  it.each(ALARMS)('is alarmed by $name after $periods periods; no data is $missing', (expected) => {
    const alarm = alarmOf(expected.name);
    expect(alarm).toMatchObject({
      Threshold: expected.above ?? expected.below,
      ComparisonOperator: expected.below === undefined ? 'GreaterThanThreshold' : 'LessThanThreshold',
      EvaluationPeriods: expected.periods,
      TreatMissingData: expected.missing,
    });
    expect(alarm.AlarmDescription).toMatch(/\(Missing data: .+\.\)$/);
  });

  it.each([
    ['tick-missing', 'AWS/Lambda', 'Invocations', 'Sum', 60],
    ['intake-late', 'AWS/SQS', 'ApproximateAgeOfOldestMessage', 'Maximum', 60],
    ['due-late', 'AWS/SQS', 'ApproximateAgeOfOldestMessage', 'Maximum', 60],
    ['escalation-late', 'Tocsin', 'EscalationLag', 'Maximum', 300],
    ['escalation-audit-missing', 'Tocsin', 'EscalationLag', 'SampleCount', 300],
    ['sends-failing', 'Tocsin', 'FailedSends', 'Sum', 300],
    ['http-failing', 'AWS/ApiGateway', '5xx', 'Sum', 60],
  ])('watches for %s %s %s, its %s over %i s', (name, Namespace, MetricName, Statistic, Period) => {
    expect(alarmOf(name)).toMatchObject({ Namespace, MetricName, Statistic, Period });
  });

  it('links each runbook where the team reads them', async () => {
    const { operations } = await synthesizeForTest({ runbooksUrl: 'https://wiki.example.com/tocsin' });
    for (const { Properties } of resourcesOf(operations, 'AWS::CloudWatch::Alarm')) {
      const name = Properties.AlarmName.replace('tocsin-', '');
      expect(Properties.AlarmDescription).toContain(`Runbook: https://wiki.example.com/tocsin/${name}.md (`);
    }
  });

  it('watches the very metric that the escalation audit writes', () => {
    for (const name of ['escalation-late', 'escalation-audit-missing'])
      expect(alarmOf(name)).toMatchObject({
        Namespace: METRIC_NAMESPACE,
        MetricName: ESCALATION_LAG_METRIC,
        Dimensions: [{ Name: 'service', Value: 'tocsin-escalation-audit' }],
      });
  });

  it('watches the very metric that the tick writes', async () => {
    const written = await metricOfTick();
    const { Namespace, MetricName, Dimensions } = alarmOf('overdue');
    expect(written).toEqual({
      namespace: Namespace,
      name: MetricName,
      dimensions: Object.fromEntries(
        Dimensions.map(({ Name, Value }: { Name: string; Value: string }) => [Name, Value]),
      ),
    });
  });
});

const shown = (): string => JSON.stringify(widgets.map(({ properties }) => properties.metrics ?? []));

describe('StatusBoard', () => {
  it('is one dashboard, named after the installation', () => {
    expect(
      resourcesOf(template, 'AWS::CloudWatch::Dashboard').map(({ Properties }) => Properties.DashboardName),
    ).toEqual(['tocsin']);
  });

  it('begins with what to do, and the state of all 12 alarms', () => {
    expect(widgets[0]).toMatchObject({ type: 'text', width: 24 });
    expect(widgets[0]?.properties.markdown).toContain('docs/runbooks/');
    expect(widgets[1]?.type).toBe('alarm');
    expect(widgets[1]?.properties.alarms).toHaveLength(OWN_ALARMS.length);
  });

  it.each(Object.keys(HANDLERS))('shows calls, duration, errors and throttles of %s', (bundle) => {
    for (const metric of ['Invocations', 'Duration', 'Errors', 'Throttles'])
      expect(shown()).toContain(`["AWS/Lambda","${metric}","FunctionName","tocsin-${bundle}"`);
  });

  it.each([
    '["Tocsin","OverdueAge","service","tocsin-tick"',
    '["Tocsin","EscalationLag","service","tocsin-escalation-audit"',
    '["Tocsin","FailedSends","service","tocsin"',
    '["AWS/SNS","SMSMonthToDateSpentUSD",',
    '["AWS/SQS","ApproximateAgeOfOldestMessage","QueueName","tocsin-intake"',
    '["AWS/SQS","ApproximateAgeOfOldestMessage","QueueName","tocsin-due"',
    '["AWS/SQS","ApproximateNumberOfMessagesVisible","QueueName","tocsin-intake"',
    '["AWS/SQS","ApproximateNumberOfMessagesVisible","QueueName","tocsin-due"',
    '["AWS/SQS","ApproximateNumberOfMessagesVisible","QueueName","tocsin-intake-dead-letters"',
    '["AWS/SQS","ApproximateNumberOfMessagesVisible","QueueName","tocsin-due-dead-letters"',
    '["AWS/ApiGateway","5xx",',
  ])('shows %s', (metric) => {
    expect(shown()).toContain(metric);
  });

  it('is left out when nobody wants it', () => {
    const stack = new Stack(new App(), 'Bare');
    new Operations(stack, 'Ops', TWO_RESPONDERS, { dashboard: false });
    const resources = stack.node.findAll().map(({ node }) => node.id);
    expect(resources).not.toContain('StatusBoard');
  });
});

/** Runs the tick over an empty table and reads the metric from what it wrote to its log. */
async function metricOfTick() {
  vi.stubEnv('TABLE_NAME', 'tocsin-state');
  vi.stubEnv('DUE_QUEUE_URL', 'https://sqs.eu-west-1.amazonaws.com/123456789012/tocsin-due');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'tocsin-tick');
  // Otherwise Powertools writes past `console`, where nobody can listen.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  mockClient(DynamoDBDocument).on(QueryCommand).resolves({ Items: [] }).on(PutCommand).resolves({});
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => lines.push(line));
  const { handler } = await import('../../functions/tick/tick.handler.ts');
  await handler({}, { functionName: 'tocsin-tick' } as never);
  const line = lines.map((one) => JSON.parse(one)).find((one) => '_aws' in one);
  const [directive] = line._aws.CloudWatchMetrics;
  return {
    namespace: directive.Namespace,
    name: directive.Metrics[0].Name,
    dimensions: Object.fromEntries(directive.Dimensions[0].map((name: string) => [name, line[name]])),
  };
}
