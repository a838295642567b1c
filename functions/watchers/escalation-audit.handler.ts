/** Lambda: the escalation audit, each five minutes: do all open alerts go on, and can dead letters be read by now? */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { alertStore } from '../alerts/alert.store.ts';
import { situationStore } from '../holds/situation.store.ts';
import { signalQueue } from '../intake/signal.queue.ts';
import { loadOperations } from '../operations/load-operations.ts';
import { slotStore } from '../paging/slot.store.ts';
import { dueQueue, openQueueClient } from '../shared/due-queue.ts';
import { edge } from '../shared/edge.ts';
import { openLog } from '../shared/log.ts';
import { reasonOf } from '../shared/redact.ts';
import { openTable } from '../shared/table.store.ts';
import { METRIC_NAMESPACE } from '../tick/contract.ts';
import { auditEscalations, type EscalationAuditPorts } from './audit-escalations.ts';
import { ESCALATION_LAG_METRIC, type EscalationAuditEnv } from './contract.ts';
import { escalationAuditStore } from './escalation-audit.store.ts';
import { heartbeatAddress } from './heartbeat-address.sender.ts';
import { letterBox } from './letter-box.queue.ts';
import { openAlerts } from './open-alerts.store.ts';
import { slotTurns } from './slot-turn.store.ts';

const env = process.env as EscalationAuditEnv;
const log = openLog('escalation-audit');
/** By the function's name: two installations in one account must not hide each other's silence. */
const metrics = new Metrics({
  namespace: METRIC_NAMESPACE,
  serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'escalation-audit',
});
const table = openTable(env.TABLE_NAME);
const queues = openQueueClient();
const operations = loadOperations(new URL('./operations.json', import.meta.url));

const ports: EscalationAuditPorts = {
  open: openAlerts(table),
  alerts: alertStore(table),
  slots: slotStore(table),
  turns: slotTurns(table),
  due: dueQueue(queues, env.DUE_QUEUE_URL),
  records: escalationAuditStore(table),
  letters: {
    intake: letterBox(queues, { deadLetters: env.INTAKE_DEAD_LETTER_QUEUE_URL, home: env.INTAKE_QUEUE_URL }),
    due: letterBox(queues, { deadLetters: env.DUE_DEAD_LETTER_QUEUE_URL, home: env.DUE_QUEUE_URL }),
  },
  codeVersion: env.CODE_VERSION,
  signals: signalQueue(queues, env.INTAKE_QUEUE_URL),
  situation: situationStore(table),
  operations,
  nowMs: Date.now,
  beat(lagMs) {
    metrics.addMetric(ESCALATION_LAG_METRIC, MetricUnit.Milliseconds, lagMs);
    metrics.publishStoredMetrics();
  },
  outside: heartbeatAddress(operations.watchers?.heartbeatUrl, fetch),
  found: (finding) => log.error('an alert did not go on', finding),
  warn: (message, error) => log.warn(message, { reason: reasonOf(error) }),
};

export const handler = edge(log, async () => {
  const { walk, letters, hasBeaten } = await auditEscalations(ports);
  if (letters && letters.sentHome + letters.kept > 0) log.warn('dead letters', letters);
  log.info('audited', { looked: walk?.looked, lagMs: walk?.lagMs, hasBeaten });
});
