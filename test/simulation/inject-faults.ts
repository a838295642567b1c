/** Lets the planned faults of a story meet what they match, and remembers each that did. */
import type { Fault, SdkCall } from '../../local/aws/gate.ts';
import type { Disturb } from '../../local/world-options.ts';
import type { Hit } from './run.ts';
import type { PlannedFault, Story } from './story.ts';

type Kind = PlannedFault['kind'];
type Of<K extends Kind> = Extract<PlannedFault, { kind: K }>;

/** So slow that the SDK may have given up: its own limit is 3 s. */
const SLOW_MS = 2_000;

export type Injected = {
  /** asked for each call of a function to AWS */
  inject(call: SdkCall): Fault | undefined;
  disturb: Disturb;
  /** how old what the indexes tell is now */
  indexLagMs(): number;
  /** an index has told something that is old */
  onStaleRead(): void;
  hits: Hit[];
};

/** @param prefix  of all names in the template */
export function injectFaults(story: Story, nowMs: () => number, prefix: string): Injected {
  const hits: Hit[] = [];
  const left = new Map<PlannedFault, { skip: number; count: number }>();
  /** invocations whose calls are answered no more */
  const hanging = new Map<string, Of<'call'>>();
  const planned = [...story.faults].sort((a, b) => a.at - b.at);

  const lasting = <K extends Kind>(kind: K): Of<K>[] => {
    const at = nowMs() - story.startMs;
    return planned.filter(
      (fault): fault is Of<K> => fault.kind === kind && fault.at <= at && at < fault.at + fault.forMs,
    );
  };
  /** Uses the fault up by one. @returns false when none of it is left, or this one is to be skipped */
  const spend = (fault: Of<'call' | 'message' | 'schedule' | 'lose'>): boolean => {
    const rest = left.get(fault) ?? { skip: 'skip' in fault ? fault.skip : 0, count: fault.count };
    left.set(fault, rest);
    if (rest.count === 0) return false;
    if (rest.skip > 0) {
      rest.skip -= 1;
      return false;
    }
    rest.count -= 1;
    return true;
  };
  const note = (fault: PlannedFault, call?: Hit['call']) =>
    void hits.push({ at: nowMs(), fault, ...(call && { call }) });

  return {
    hits,
    inject(call) {
      const { function: caller, requestId, n, service, action, input } = call;
      if (caller === undefined) return undefined;
      const met = { n, function: caller, requestId, service, action, row: rowOf(input) };
      const hung = requestId === undefined ? undefined : hanging.get(requestId);
      if (hung) {
        note(hung, met);
        return { kind: 'time-out' };
      }
      const fault = lasting('call').find((one) => matches(one, call, prefix) && spend(one));
      if (!fault) return undefined;
      note(fault, met);
      if (fault.fault === 'out-of-time' && requestId !== undefined) hanging.set(requestId, fault);
      return faultOf(fault);
    },
    disturb: {
      message(queueName) {
        const fault = lasting('message').find((one) => `${prefix}-${one.queue}` === queueName && spend(one));
        if (fault) note(fault);
        return fault?.laterMs;
      },
      schedule(name) {
        const fault = lasting('schedule').find((one) => name.endsWith(one.schedule) && spend(one));
        if (fault) note(fault);
        return fault?.laterMs;
      },
      delivery(channel) {
        const fault = lasting('lose').find((one) => one.channel === channel && spend(one));
        if (fault) note(fault);
        return fault && 'injected: SNS has lost it';
      },
    },
    indexLagMs: () => Math.max(0, ...lasting('stale-index').map(({ lagMs }) => lagMs)),
    onStaleRead: () => note(lasting('stale-index')[0]!),
  };
}

function matches(fault: Of<'call'>, call: SdkCall, prefix: string): boolean {
  return (
    (fault.function === undefined || call.function === `${prefix}-${fault.function}`) &&
    (fault.service === undefined || call.service === fault.service) &&
    (fault.action === undefined || call.action === fault.action)
  );
}

/** `alert#… current`: which row of the table the call is about. */
function rowOf({ Key }: SdkCall['input']): string | undefined {
  const { pk, sk } = (Key ?? {}) as { pk?: { S: string }; sk?: { S: string } };
  return pk && sk && `${pk.S} ${sk.S}`;
}

function faultOf({ fault, slowMs = SLOW_MS }: Of<'call'>): Fault {
  switch (fault) {
    case 'slow':
      return { kind: 'delay', ms: slowMs };
    case 'time-out-performed':
      return { kind: 'time-out', performed: true };
    case 'out-of-time':
      return { kind: 'time-out' };
    default:
      return { kind: fault };
  }
}
