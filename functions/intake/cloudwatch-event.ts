/** Reads the events that CloudWatch puts on the default bus about an alarm. */
import * as z from 'zod/mini';
import { AlarmArn } from './alarm-arn.ts';
import type { AlarmFacts, AlarmMetric } from './alarm-facts.ts';
import { AlarmState, alarmSignal, Contributor } from './alarm-signal.ts';
import { Count, ignored, lenient, type Reading, rejected, show, Text } from './reading.ts';
import { Timestamp } from './timestamp.ts';

/** Source: CloudWatch user guide, Alarm events and EventBridge (all schemas here) */
const Metric = z.object({
  id: Text,
  expression: Text,
  period: Count,
  returnData: lenient(z.boolean()),
  metricStat: lenient(
    z.object({
      metric: lenient(
        z.object({ namespace: Text, name: Text, dimensions: lenient(z.record(z.string(), z.string())) }),
      ),
      period: Count,
      stat: Text,
    }),
  ),
});

/** State changes carry no threshold: they have it in `reasonData`. */
const Configuration = z.object({
  description: Text,
  alarmRule: Text,
  metrics: lenient(z.array(Metric)),
  comparisonOperator: Text,
  threshold: Count,
  evaluationPeriods: Count,
  datapointsToAlarm: Count,
});
type Configuration = z.infer<typeof Configuration>;

const ReasonData = z.object({ threshold: Count, period: Count });
type ReasonData = z.infer<typeof ReasonData>;

const State = z.object({
  value: AlarmState,
  timestamp: Timestamp,
  reason: Text,
  reasonData: Text,
  actionsSuppressedBy: Text,
  actionsSuppressedReason: Text,
});

const MuteDetail = z.object({ mutedByArn: Text, muteWindowEnd: Text });

const Resources = z.tuple([AlarmArn], z.unknown());

const StateDetail = z.object({
  state: State,
  configuration: lenient(Configuration),
  muteDetail: lenient(MuteDetail),
  alarmTags: lenient(z.record(z.string(), z.string())),
});
const StateChange = z.object({ resources: Resources, detail: StateDetail });
type StateChange = z.infer<typeof StateChange>;

const ContributorStateChange = z.object({
  resources: Resources,
  detail: z.extend(StateDetail, { alarmContributor: Contributor }),
});

const ConfigurationChange = z.object({
  time: Timestamp,
  resources: Resources,
  detail: z.object({ operation: z.string(), configuration: lenient(Configuration) }),
});

/**
 * @param event  an event as EventBridge delivers it to a queue, parsed
 * @returns `ignored` for events of others, and for configuration changes other than a deletion
 */
export function readCloudWatchEvent(event: unknown): Reading {
  const { source, 'detail-type': type } = Object(event) as { source?: unknown; 'detail-type'?: unknown };
  if (typeof source !== 'string' || typeof type !== 'string') {
    return rejected('an EventBridge event', notTexts({ source, 'detail-type': type }));
  }
  if (source !== 'aws.cloudwatch') return ignored(`an event of ${show(source)}, not of aws.cloudwatch`);
  switch (type) {
    case 'CloudWatch Alarm State Change':
      return readAs(type, StateChange, event, readStateChange);
    case 'CloudWatch Alarm Contributor State Change':
      return readAs(type, ContributorStateChange, event, (change) =>
        readStateChange(change, change.detail.alarmContributor),
      );
    case 'CloudWatch Alarm Configuration Change':
      return readAs(type, ConfigurationChange, event, readConfigurationChange);
    default:
      return ignored(`an event of type ${show(type)}`);
  }
}

function notTexts(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .filter(([, value]) => typeof value !== 'string')
    .map(([name, value]) => `${name} is ${show(value)}, not of type string`)
    .join('; ');
}

function readAs<T extends z.core.$ZodType>(
  type: string,
  schema: T,
  event: unknown,
  read: (event: z.output<T>) => Reading,
): Reading {
  const parsed = z.safeParse(schema, event, { reportInput: true });
  return parsed.success ? read(parsed.data) : rejected(type, parsed.error.issues);
}

function readStateChange({ resources: [alarm], detail }: StateChange, contributor?: Contributor): Reading {
  const { state, muteDetail } = detail;
  return alarmSignal({
    alarm,
    contributor,
    state: state.value,
    at: state.timestamp,
    reason: state.reason,
    facts: factsOf(detail.configuration, readReasonData(state.reasonData)),
    suppressed: muteDetail ? describeMute(muteDetail) : describeSuppression(state),
    tags: detail.alarmTags,
  });
}

function readConfigurationChange({
  time,
  resources: [alarm],
  detail,
}: z.infer<typeof ConfigurationChange>): Reading {
  if (detail.operation !== 'delete') {
    return ignored(`a configuration change, ${show(detail.operation)}, of ${show(alarm.alarmName)}`);
  }
  return alarmSignal({
    alarm,
    state: 'deleted',
    at: lastMomentOf(time),
    reason: 'The alarm was deleted.',
    facts: factsOf(detail.configuration, undefined),
  });
}

/** An event's time has no milliseconds, a state's has: a deletion counts after the changes within its second. */
function lastMomentOf(timeMs: number): number {
  return timeMs % 1_000 === 0 ? timeMs + 999 : timeMs;
}

/** JSON in a string; what is missing or broken costs the page its threshold, and nothing else. */
function readReasonData(text: string | undefined): ReasonData | undefined {
  if (!text) return undefined;
  try {
    return z.safeParse(ReasonData, JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function factsOf(configuration: Configuration | undefined, reasonData: ReasonData | undefined): AlarmFacts {
  const { metrics, ...said } = configuration ?? ({} as Configuration);
  return {
    ...said,
    metrics: metrics?.map(metricOf),
    threshold: said.threshold ?? reasonData?.threshold,
    periodS: reasonData?.period ?? metrics?.map((m) => m.metricStat?.period ?? m.period).find(Boolean),
  };
}

function metricOf({ id, expression, metricStat, returnData }: z.infer<typeof Metric>): AlarmMetric {
  const { namespace, name, dimensions } = metricStat?.metric ?? {};
  return { id, expression, namespace, name, dimensions, statistic: metricStat?.stat, returned: returnData };
}

function describeMute({ mutedByArn, muteWindowEnd }: z.infer<typeof MuteDetail>): string {
  const rule = mutedByArn?.split(':alarm-mute-rule:').at(-1);
  return ['muted', rule && `by ${rule}`, muteWindowEnd && `until ${muteWindowEnd}`].filter(Boolean).join(' ');
}

function describeSuppression({
  actionsSuppressedBy: by,
  actionsSuppressedReason: reason,
}: z.infer<typeof State>): string | undefined {
  return by && (reason || `actions suppressed by ${by}`);
}
