/** What a team writes in operations.ts. Only `responders` is required; the rest has its default from the procedures. */
import type { Severity } from '../alerts/alert.ts';
import type { WEEKDAYS } from './check-windows.ts';
import type { PageChannel } from './operations.ts';

/** Someone who can be paged: by email, by phone (SMS), or by both. */
export type ResponderInput = {
  /**
   * as shown to people
   * @default the responder's key
   */
  name?: string;
  /** where emails go; AWS asks for a confirmation of the address first */
  email?: string;
  /** where SMS go, in the form E.164 */
  phone?: string;
};

/** One moment of an escalation. */
export type EscalationStepInput = {
  /** whom: 1 is the first entry of `levels` */
  level: number;
  /** when, on a clock that counts only while the alert is triggered and not held */
  afterMinutes: number;
  /**
   * how. Who has none of them is paged on what they have
   * @default ['sms', 'email']
   */
  channels?: readonly PageChannel[];
};

/** After the last step: that step again. */
export type RepeatInput = {
  /** how often */
  everyMinutes: number;
  /**
   * up to this moment of the alert's clock; then the next repeat applies
   * @default without end
   */
  untilMinutes?: number;
};

/** What is left out keeps its default. */
export type EscalationPolicyInput = {
  /**
   * whom to page when; in order of time, the first at 0
   * @default as below
   */
  steps?: readonly EscalationStepInput[];
  /**
   * what follows the last step: that step again, at the first of these intervals that has not ended
   * @default as below
   */
  repeat?: readonly RepeatInput[];
  /**
   * an acknowledgement without a resolve is reminded of after this long; null: never
   * @default as below
   */
  ackTimeoutMinutes?: number | null;
};

/** A thing that can break. Its key is the name that routes use and pages show. */
export type ServiceInput = {
  /** who answers for it, in words */
  owner?: string;
  /** what to do about it: an http or https address */
  runbook?: string;
  /** what it does, for whoever is woken by it */
  description?: string;
};

/** Which signals are meant, and what they are. A signal that no route matches is critical. */
export type RouteInput<Service extends string = string> = {
  /** glob patterns (`*`, `?`), all of which must match; `{}` matches every signal */
  match: {
    /** of a CloudWatch alarm */
    alarmName?: string;
    /** the AWS account of the alarm: twelve digits */
    account?: string;
    /** the AWS Region of the alarm */
    region?: string;
    /** the name of a sender's key: `grafana` */
    integration?: string;
    /** tags of the alarm */
    tags?: Readonly<Record<string, string>>;
    /** what the sender says of it: Alertmanager's labels, PagerDuty's source and component, a metric's dimensions, tags */
    labels?: Readonly<Record<string, string>>;
  };
  /**
   * what is broken: a key of `services`
   * @default what the sender says, if it is a key of `services`
   */
  service?: Service;
  /**
   * how urgent it is
   * @default what the sender says, else critical
   */
  severity?: Severity;
  /**
   * signals of one key are one alert: `{account}`, `{region}`, `{alarmName}`, `{integration}`, `{service}`, `{tag:NAME}`, `{label:NAME}`
   * @default the sender's own key
   */
  dedupKey?: string;
};

/** A declared name, or a pattern of names: `*` stands for any text, `?` for any character. */
export type Pattern<Name extends string> = Name | `${string}*${string}` | `${string}?${string}`;

/** Which alerts are meant: all of it must match. */
export type MatchInput<Service extends string = string> = {
  /** a key of `services`, or a pattern of them */
  service?: Pattern<Service>;
  /** of the alert as it stands */
  severity?: Severity;
  /** of the alert, by name; the values are patterns */
  labels?: Readonly<Record<string, string>>;
};

export type Weekday = (typeof WEEKDAYS)[number];

/**
 * When alerts are recorded but page nobody. Times are those of a clock on the wall in the zone; one that a clock change
 * leaves out is the next that there is, of one that it repeats the first counts.
 */
export type MaintenanceInput<Service extends string = string> = {
  /** an IANA time zone: `Europe/Berlin` */
  zone: string;
  /**
   * what people read while it holds their alerts
   * @default `weekly` or `once`
   */
  name?: string;
  /**
   * which alerts it holds
   * @default all of them
   */
  match?: MatchInput<Service>;
} & (
  | {
      /**
       * the days of the week on which it begins
       * @default ['sunday']
       */
      days?: readonly Weekday[];
      /**
       * when it begins: each week at a time of day
       * @default '02:00'
       */
      from?: string;
      /**
       * when it ends, each week: a time of the next day where it is not after `from`
       * @default '04:00'
       */
      to?: string;
      until?: never;
    }
  | {
      /** once, with its date */
      from: string;
      /** when it ends, once; not together with `days` or `to` */
      until: string;
      days?: never;
      to?: never;
    }
);

/** What explains other alerts: while one that matches `while` is open, those that match `hold` page nobody. */
export type InhibitionInput<Service extends string = string> = {
  /** the alert that explains others */
  while: MatchInput<Service>;
  /** those others */
  hold: MatchInput<Service>;
  /**
   * labels (or `service`) that both must have, with the same value; `[]` when they may all differ.
   * Of two alerts that would hold each other the earlier one pages.
   */
  equal: readonly string[];
};

/** What tells that Tocsin is alive to whoever is not in its account and Region. */
export type WatchersInput = {
  /**
   * an https address outside, which is called every five minutes while every open alert goes on, and which tells somebody
   * when the calls stay away (a dead man's switch). It is a secret: no log has it
   */
  heartbeatUrl?: string;
};

/** The names of responders, schedules and services are type parameters: an editor completes them, a typo is an error. */
export type OperationsInput<
  Responder extends string = string,
  Schedule extends string = string,
  Service extends string = string,
> = {
  /** who can be paged, at most 50 people; the keys are the names that everything else uses */
  responders: Readonly<Record<Responder, ResponderInput>>;
  /** who is on call: a list of responders, all of them paged */
  schedules?: Readonly<Record<Schedule, readonly NoInfer<Responder>[]>>;
  /**
   * who is paged at level 1, 2, …: schedules or responders
   * @default follows from schedules named as in the procedures (`operations`; `senior-operations`, `development`;
   * `management`, `architecture`; `executive`, `external-support`); without schedules, level 1 is the first responder
   * and levels 2 to 4 are all of them
   */
  levels?: readonly (readonly NoInfer<Responder | Schedule>[])[];
  /** how fast to answer what, by severity; each part that is left out keeps its default */
  escalation?: { readonly [S in Severity]?: EscalationPolicyInput };
  /** what can break; a page names the owner and links to the runbook */
  services?: Readonly<Record<Service, ServiceInput>>;
  /** the first route that matches a signal applies */
  routes?: readonly RouteInput<NoInfer<Service>>[];
  /** windows in which alerts are recorded and held; `[{ zone: 'Europe/Berlin' }]` is Sundays from 02:00 to 04:00 */
  maintenance?: readonly MaintenanceInput<NoInfer<Service>>[];
  /** which alerts explain others, so that these page nobody meanwhile */
  inhibitions?: readonly InhibitionInput<NoInfer<Service>>[];
  /**
   * an OK holds the alert as recovering for this long before it resolves
   * @default 5
   */
  quietMinutes?: number;
  /**
   * a reminded acknowledger has this long before the alert escalates again
   * @default 15
   */
  forgottenMinutes?: number;
  /** who watches the watchers */
  watchers?: WatchersInput;
};
