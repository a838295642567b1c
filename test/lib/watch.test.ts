import { existsSync } from 'node:fs';
import { DynamoDBDocument, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { nameOf, resourcesOf, resourceWith, synthesizeForTest, type Template } from './synthesized.ts';

const ALARMS = ['due-dead-letters', 'intake-dead-letters', 'intake-failing', 'intake-late', 'overdue'];

let template: Template;
beforeAll(async () => {
  template = (await synthesizeForTest()).operations;
});

const alarmOf = (name: string) =>
  resourceWith(template, 'AWS::CloudWatch::Alarm', 'AlarmName', `tocsin-${name}`).Properties;

describe('Watch', () => {
  it('has 5 alarms', () => {
    const names = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(
      ({ Properties }) => Properties.AlarmName,
    );
    expect(names.sort()).toEqual(ALARMS.map((name) => `tocsin-${name}`));
  });

  it.each(ALARMS)('tells the watchers of %s, with a runbook that exists', (name) => {
    const alarm = alarmOf(name);
    expect(alarm.AlarmActions.map((action: unknown) => nameOf(template, action))).toEqual([
      'tocsin-watchers',
    ]);
    const [runbook] = alarm.AlarmDescription.match(/docs\/runbooks\/\S+\.md/);
    expect(runbook).toBe(`docs/runbooks/${name}.md`);
    expect(existsSync(new URL(`../../${runbook}`, import.meta.url))).toBe(true);
  });

  it('is alarmed by a tick that is silent for 2 minutes', () => {
    expect(alarmOf('overdue')).toMatchObject({
      Threshold: 120_000,
      Period: 60,
      EvaluationPeriods: 2,
      TreatMissingData: 'breaching',
    });
  });

  it.each(ALARMS.filter((name) => name !== 'overdue'))(
    'is not alarmed by %s of a queue that says nothing',
    (name) => {
      expect(alarmOf(name).TreatMissingData).toBe('notBreaching');
    },
  );

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

/** Runs the tick over an empty table and reads the metric from what it wrote to its log. */
async function metricOfTick() {
  vi.stubEnv('TABLE_NAME', 'tocsin-state');
  vi.stubEnv('DUE_QUEUE_URL', 'https://sqs.eu-west-1.amazonaws.com/123456789012/tocsin-due');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'tocsin-tick');
  // Otherwise Powertools writes past `console`, where nobody can listen.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  mockClient(DynamoDBDocument).on(QueryCommand).resolves({ Items: [] });
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
