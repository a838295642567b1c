/** A story of the simulator: all that happens to one installation, as plain data. It can be printed, shortened and told again. */
import type { SignalState } from '../../functions/intake/signal.ts';

/** Milliseconds since the story began. */
type Moment = number;

export type Story = {
  seed: number;
  days: number;
  /** epoch milliseconds; a whole minute */
  startMs: number;
  /** whose procedures stand at the beginning, by its name in teams.ts */
  team: string;
  /** what the world outside does, in order */
  events: readonly StoryEvent[];
  /** what goes wrong in AWS and with our functions, in order */
  faults: readonly PlannedFault[];
  /** what a responder does about the first message of an alert that reaches them, the second, …; null: nothing. After the last: nothing */
  reactions: Readonly<Record<string, readonly (Reaction | null)[]>>;
};

export type StoryEvent = { at: Moment } & (
  | {
      kind: 'alarm';
      alarm: string;
      state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';
      /** its actions are suppressed meanwhile: the alert is held as muted */
      suppressed?: boolean;
    }
  | { kind: 'alarm-deleted'; alarm: string }
  /** what a sender has to say, in its format, with its key: see tell-senders.ts */
  | {
      kind: 'event';
      sender: string;
      action: 'trigger' | 'acknowledge' | 'resolve';
      key: string;
      severity?: 'critical' | 'error' | 'warning' | 'info';
      class?: string;
    }
  /** a body that nobody can read, straight into the intake queue */
  | { kind: 'malformed'; body: string }
  /** a command of an operator, as `operate` takes it; `alert` may be an alarm's name or a sender's key */
  | { kind: 'command'; command: Readonly<Record<string, unknown>>; alert?: string }
  /** `cdk deploy` with another team's procedures; until `overlapMs` have passed each invocation runs the old code or the new */
  | { kind: 'deploy'; team: string; overlapMs: number }
  /** SNS takes what is sent there and loses it, and nothing says so */
  | { kind: 'lost'; responder: string; channel: 'sms' | 'email'; forMs: number }
  /** the phone has opted out: SNS drops, a delivery report comes, the audit can see it */
  | { kind: 'opted-out'; responder: string; forMs: number }
  /** the subscription of their email is pending again: SNS drops, the audit can see it */
  | { kind: 'unsubscribed'; responder: string; forMs: number }
);

/** Presses a button behind the link of that message. */
export type Reaction = {
  afterMs: number;
  action: 'acknowledge' | 'resolve' | 'escalate' | 'snooze';
  /** the same again so much later */
  againAfterMs?: number;
};

/** Which calls of a function to AWS. What is left out matches all. */
export type CallMatch = { function?: string; service?: string; action?: string };

export type PlannedFault = { at: Moment } & (
  | ({
      /** hits `count` of the calls that match, after `skip` of them, while it lasts */
      kind: 'call';
      fault:
        | 'fail-before'
        | 'fail-after'
        | 'crash-before'
        | 'crash-after'
        | 'throttle'
        | 'time-out'
        | 'time-out-performed'
        | 'slow'
        /** every further call of that invocation is never answered: the function runs into its time limit */
        | 'out-of-time';
      skip: number;
      count: number;
      forMs: number;
      /** slow */
      slowMs?: number;
    } & CallMatch)
  /** the next `count` messages into a queue come so much later, each value a copy: `[0, 0]` is repeated, `[300000]` late */
  | { kind: 'message'; queue: 'intake' | 'due'; laterMs: readonly number[]; count: number; forMs: number }
  /** the next run of a schedule: `[]` is skipped, `[0, 0]` doubled, `[50000]` late */
  | { kind: 'schedule'; schedule: string; laterMs: readonly number[]; count: number; forMs: number }
  /** what the indexes tell is so old */
  | { kind: 'stale-index'; lagMs: number; forMs: number }
  /** SNS accepts the next `count` messages and loses them */
  | { kind: 'lose'; channel: 'sms' | 'email'; count: number; forMs: number }
);

export type { SignalState };
