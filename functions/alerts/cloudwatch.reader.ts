/** Asks CloudWatch whether an alarm still fires, and whether it is still muted. */
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListAlarmMuteRulesCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import type { CloudWatchSource } from '../intake/signal.ts';
import type { AlarmReading } from './advance-alert.ts';

export type AlarmReader = { read(source: CloudWatchSource): Promise<AlarmReading> };

const STATES: Record<StateValue, AlarmReading['state']> = {
  ALARM: 'alarm',
  OK: 'ok',
  INSUFFICIENT_DATA: 'insufficient-data',
};

/**
 * @param home  the account and Region that the client speaks for: alarms of others cannot be asked about
 */
export function cloudwatchReader(home: { account: string; region: string }): AlarmReader {
  const client = new CloudWatchClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });

  /** DescribeAlarms does not speak of mute rules. Who cannot answer does not silence anybody. */
  const isMuted = async (alarmName: string): Promise<boolean> => {
    try {
      const { AlarmMuteRuleSummaries } = await client.send(
        new ListAlarmMuteRulesCommand({ AlarmName: alarmName, Statuses: ['ACTIVE'] }),
      );
      return (AlarmMuteRuleSummaries ?? []).length > 0;
    } catch {
      return false;
    }
  };

  return {
    async read(source) {
      if (source.account !== home.account || source.region !== home.region) {
        return { state: 'unknown', suppressed: true };
      }
      const { MetricAlarms, CompositeAlarms, LogAlarms } = await client.send(
        new DescribeAlarmsCommand({
          AlarmNames: [source.alarmName],
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'],
        }),
      );
      const composite = CompositeAlarms?.[0];
      const alarm = MetricAlarms?.[0] ?? composite ?? LogAlarms?.[0];
      if (!alarm?.StateValue) return { state: 'missing', suppressed: false };
      const suppressed = composite?.ActionsSuppressedBy !== undefined || (await isMuted(source.alarmName));
      return { state: STATES[alarm.StateValue], suppressed };
    },
  };
}
