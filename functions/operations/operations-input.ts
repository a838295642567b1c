/** What a team writes in operations.ts. Only `responders` is required; the rest has its default from the procedures. */
import type { Severity } from '../alerts/alert.ts';
import type { PageChannel, Repeat } from './operations.ts';

/** Someone who can be paged: by email, by phone (SMS), or by both. */
export type ResponderInput = {
  /** as shown to people; the responder's key unless given */
  name?: string;
  email?: string;
  /** E.164: `+12025550101` */
  phone?: string;
};

/** One moment of an escalation. */
export type EscalationStepInput = {
  /** whom: 1 is the first entry of `levels` */
  level: number;
  /** when, on a clock that counts only while the alert is triggered and not held */
  afterMinutes: number;
  /** how; both unless given. Who has none of them is paged on what they have */
  channels?: readonly PageChannel[];
};

/** What is left out keeps its default. */
export type EscalationPolicyInput = {
  /** in order of time, the first at 0 */
  steps?: readonly EscalationStepInput[];
  /** what follows the last step: that step again, at the first of these intervals that has not ended */
  repeat?: readonly Repeat[];
  /** an acknowledgement without a resolve is reminded of after this long; null: never */
  ackTimeoutMinutes?: number | null;
};

/** A thing that can break. Its key is the name that routes use and pages show. */
export type ServiceInput = {
  /** who answers for it, in words */
  owner?: string;
  /** what to do about it: an http or https address */
  runbook?: string;
  description?: string;
};

/** Which signals are meant, and what they are. A signal that no route matches is critical. */
export type RouteInput<Service extends string = string> = {
  /** glob patterns (`*`, `?`), all of which must match; `{}` matches every signal */
  match: {
    alarmName?: string;
    account?: string;
    region?: string;
    /** tags of the alarm */
    tags?: Readonly<Record<string, string>>;
  };
  /** a key of `services` */
  service?: Service;
  severity?: Severity;
  /** signals of one key are one alert: `{account}`, `{region}`, `{alarmName}`, `{service}`, `{tag:NAME}` */
  dedupKey?: string;
};

/** The names of responders, schedules and services are type parameters: an editor completes them, a typo is an error. */
export type OperationsInput<
  Responder extends string = string,
  Schedule extends string = string,
  Service extends string = string,
> = {
  /** who can be paged; the keys are the names that everything else uses */
  responders: Readonly<Record<Responder, ResponderInput>>;
  /** who is on call: a list of responders, all of them paged */
  schedules?: Readonly<Record<Schedule, readonly NoInfer<Responder>[]>>;
  /**
   * Who is paged at level 1, 2, …: schedules or responders.
   * Left out, it follows from schedules named as in the procedures (`operations`; `senior-operations`, `development`;
   * `management`, `architecture`; `executive`, `external-support`); without schedules, level 1 is the first responder
   * and levels 2 to 4 are all of them.
   */
  levels?: readonly (readonly NoInfer<Responder | Schedule>[])[];
  /** how fast to answer what; each part that is left out keeps its default */
  escalation?: { readonly [S in Severity]?: EscalationPolicyInput };
  services?: Readonly<Record<Service, ServiceInput>>;
  /** the first route that matches a signal applies */
  routes?: readonly RouteInput<NoInfer<Service>>[];
  /** an OK holds the alert as recovering for this long before it resolves; 5 unless given */
  quietMinutes?: number;
  /** a reminded acknowledger has this long before the alert escalates again; 15 unless given */
  forgottenMinutes?: number;
};
