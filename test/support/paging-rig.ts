/** The paging path over a real table: time is a number to advance, the sender records, and any call may crash. */
import type { AlarmReading } from '../../functions/alerts/advance-alert.ts';
import { alertStore } from '../../functions/alerts/alert.store.ts';
import type { Alert, Channel } from '../../functions/alerts/alert.ts';
import type { Answer } from '../../functions/alerts/answer-alert.ts';
import { changeAlert } from '../../functions/alerts/change-alert.ts';
import { receiveSignal } from '../../functions/alerts/receive-signal.ts';
import { giveAnswer } from '../../functions/console/give-answer.ts';
import { inhibitorStore } from '../../functions/holds/inhibitor.store.ts';
import { reviewStore } from '../../functions/holds/review.store.ts';
import { situationStore } from '../../functions/holds/situation.store.ts';
import type { ClassifiedSignal, SignalState } from '../../functions/intake/signal.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import { inTurn } from '../../functions/paging/in-turn.ts';
import { linkStore } from '../../functions/paging/link.store.ts';
import { messageStore } from '../../functions/paging/message.store.ts';
import { carryOut } from '../../functions/paging/send-pages.ts';
import { slotStore } from '../../functions/paging/slot.store.ts';
import type { SendResult } from '../../functions/paging/sns.sender.ts';
import { alertId, DUE_INDEX, type DueMessage } from '../../functions/shared/table.ts';
import { TICK_PERIOD_MS } from '../../functions/tick/contract.ts';
import type { DueIndex } from '../../functions/tick/due-index.store.ts';
import { sweep } from '../../functions/tick/sweep.ts';
import { type DuePorts, takeDue } from '../../functions/tick/take-due.ts';
import type { TestTable } from './real-table.ts';
import { clock, MINUTE_MS, START_MS, signalAt } from './story.ts';
import { fourLevels } from './teams.ts';

export { clock };

/** A message of a queue: what to do when it arrives, again until it succeeds. */
type Job = { at: number; run: (ports: DuePorts) => Promise<unknown> };

export type Sent = { at: number; responder: string; channel: Channel; subject: string; body: string };

/** How a worker fails at a call, before or after its effect: it dies (every later call fails too), or goes on. */
export type Fault = { at: 'before' | 'after'; worker: 'dies' | 'lives' };

export type Rig = ReturnType<typeof pagingRig>;

const RECEIVE_AGAIN_MS = 1_000;

export function pagingRig(
  table: TestTable,
  options: {
    operations?: Operations;
    publish?: (to: Sent, count: number) => SendResult['kind'];
    /** @param call  counted from 1 */
    fault?: (call: number) => Fault | undefined;
    reading?: () => AlarmReading;
  } = {},
) {
  const { operations = fourLevels, publish = () => 'sent', fault = () => undefined } = options;
  const sent: Sent[] = [];
  const attempts: Sent[] = [];
  const calls: string[] = [];
  const warnings: string[] = [];
  const failures: unknown[] = [];
  const jobs: Job[] = [];
  let nowMs = START_MS;
  // One scan in place of a query per shard: ticks are many, and the index has tests of its own.
  const index: DueIndex = {
    async dueUntil(untilMs, limit) {
      const { Items } = await table.client.scan({ TableName: table.name, IndexName: DUE_INDEX });
      return (Items as DueMessage[])
        .filter(({ dueAt }) => dueAt <= untilMs)
        .sort((a, b) => a.dueAt - b.dueAt)
        .slice(0, limit);
    },
  };
  let nextTickAt = START_MS + TICK_PERIOD_MS;

  const ports: DuePorts = {
    alerts: alertStore(table),
    slots: slotStore(table),
    links: linkStore(table),
    messages: messageStore(table),
    sender: {
      async send(contact, { subject, body }) {
        const message = { at: nowMs, ...contact, subject, body };
        attempts.push(message);
        const kind = publish(message, attempts.length);
        if (kind !== 'sent') return { kind, reason: `SNS: ${kind}` };
        sent.push(message);
        return { kind, messageId: String(sent.length) };
      },
    },
    inTurn: inTurn((ms, wake) => {
      const timer = setTimeout(wake, ms);
      return () => clearTimeout(timer);
    }),
    due: {
      async enqueue(rows) {
        for (const row of rows) {
          const delayMs = Math.max(0, Math.floor((row.dueAt - nowMs) / 1000)) * 1000;
          jobs.push({ at: nowMs + delayMs, run: (own) => takeDue(row, own) });
        }
      },
    },
    situation: situationStore(table),
    inhibitors: inhibitorStore(table),
    reviews: reviewStore(table),
    alarms: { read: async () => options.reading?.() ?? { state: 'unknown', suppressed: true } },
    operations,
    answerUrl: 'https://answer.example.com',
    nowMs: () => nowMs,
    warn: (message) => warnings.push(message),
    sleep: async (ms) => {
      nowMs += ms;
    },
  };

  /** Ports of one worker: each call to the outside is counted, and the fault happens at its turn. */
  const worker = (): DuePorts => {
    let dead = false;
    const guard = <T extends object>(name: string, port: T): T =>
      Object.fromEntries(
        Object.entries(port).map(([method, call]) => [
          method,
          async (...args: unknown[]) => {
            if (dead) throw new Error('the worker is dead');
            const failing = fault(calls.push(`${name}.${method}`));
            const fail = () => {
              dead = failing?.worker === 'dies';
              // As the SDK marks what AWS answered, or did not answer.
              throw Object.assign(new Error(`fault ${failing?.at} ${name}.${method}`), { $metadata: {} });
            };
            if (failing?.at === 'before') fail();
            const answer = await (call as (...args: unknown[]) => Promise<unknown>)(...args);
            if (failing) fail();
            if (dead) throw new Error('the worker is dead');
            return answer;
          },
        ]),
      ) as T;
    return {
      ...ports,
      alerts: guard('alerts', ports.alerts),
      slots: guard('slots', ports.slots),
      links: guard('links', ports.links),
      messages: guard('messages', ports.messages),
      situation: guard('situation', ports.situation),
      inhibitors: guard('inhibitors', ports.inhibitors),
      reviews: guard('reviews', ports.reviews),
      sender: guard('sender', ports.sender),
      due: guard('due', ports.due),
    };
  };

  const work = async (job: Job): Promise<void> => {
    try {
      await job.run(worker());
    } catch (error) {
      failures.push(error);
      jobs.push({ ...job, at: nowMs + RECEIVE_AGAIN_MS });
    }
  };

  /** Everything that arrives or ticks up to then, in order of time; what arrives at one instant runs side by side. */
  const runTo = async (minute: number): Promise<void> => {
    const untilMs = START_MS + minute * MINUTE_MS;
    for (let steps = 0; ; steps++) {
      if (steps > 2_000) throw new Error(`no end in sight at ${nowMs}`);
      jobs.sort((a, b) => a.at - b.at);
      const job = jobs[0];
      if (job && job.at <= Math.min(nextTickAt, untilMs)) {
        nowMs = Math.max(nowMs, job.at);
        const together = jobs.findIndex(({ at }) => at > nowMs);
        await Promise.all(jobs.splice(0, together < 0 ? jobs.length : together).map(work));
      } else if (nextTickAt <= untilMs) {
        nowMs = Math.max(nowMs, nextTickAt);
        nextTickAt += TICK_PERIOD_MS;
        await sweep(index, ports.due, nowMs);
      } else {
        break;
      }
    }
    nowMs = Math.max(nowMs, untilMs);
  };

  return {
    ports,
    worker,
    sent,
    attempts,
    calls,
    warnings,
    failures,
    runTo,
    at: () => nowMs,
    /** Goes to the minute without letting anything happen at it: what arrives at an instant comes first. */
    async justTo(minute: number): Promise<void> {
      await runTo(minute - 1 / MINUTE_MS);
      nowMs = START_MS + minute * MINUTE_MS;
    },
    /** One alarm of that name changes its state; its message comes again until it is received. */
    async signal(minute: number, name: string, state: SignalState, more: Partial<ClassifiedSignal> = {}) {
      await this.justTo(minute);
      await this.arrive(name, state, more);
    },
    /** The same at this very moment, whatever else is going on. */
    async arrive(name: string, state: SignalState, more: Partial<ClassifiedSignal> = {}) {
      const minute = (nowMs - START_MS) / MINUTE_MS;
      const signal = signalAt(minute, state, { dedupKey: name, detail: { title: name }, ...more });
      const id = alertId(name);
      await work({
        at: nowMs,
        run: async (own) => {
          const decision = await changeAlert(own.alerts, id, (alert) =>
            receiveSignal(alert, id, signal, own.nowMs(), operations),
          );
          if (decision.kind === 'changed') await carryOut(decision.alert, own);
        },
      });
    },
    async answer(minute: number, name: string, answer: Answer, by: string) {
      await this.justTo(minute);
      return giveAnswer(alertId(name), answer, by, ports);
    },
    async alert(name: string): Promise<Alert> {
      return (await ports.alerts.read(alertId(name)))!;
    },
    async timeline(name: string) {
      return ports.alerts.readTimeline(await this.alert(name));
    },
    /** `1:00 ana sms`, one line per message, in order */
    messages: (): string[] =>
      sent.map(({ at, responder, channel }) => `${clock(at)} ${responder} ${channel}`),
    due: (untilMs: number): Promise<DueMessage[]> => index.dueUntil(untilMs, 1_000),
    items: () => table.items(),
  };
}
