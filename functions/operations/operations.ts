/** What operations.json holds: the team's procedures with every default filled in. */
import type { Severity } from '../alerts/alert.ts';

export type PageChannel = 'sms' | 'email';

export type Responder = {
  name: string;
  email?: string | undefined;
  phone?: string | undefined;
  /** why nothing arrives there now, as the audit found; never in the file (see holds/situation.ts) */
  unreachable?: Partial<Record<PageChannel, string>> | undefined;
};

/** Which alerts are meant: all of it must match. Texts are glob patterns (`*`, `?`); `{}` matches every alert. */
export type Match = {
  service?: string | undefined;
  severity?: Severity | undefined;
  labels?: Record<string, string> | undefined;
};

/** When alerts are recorded and held. From the file, or started by hand; a silence is one as well. */
export type Window = {
  /** unique; the file's have their name */
  id: string;
  hold: 'maintenance' | 'silenced';
  match: Match;
  /** what people read: the file's name for it, or the reason that was given */
  reason: string;
  /** who started it by hand */
  by?: string | undefined;
} & (
  | { kind: 'once'; from: number; until: number }
  /** days of the week on which it begins, 0 is Sunday; local times of the zone; `to` at or before `from` ends the next day */
  | { kind: 'weekly'; zone: string; days: number[]; from: string; to: string }
);

/** While an alert that matches `while` is open, those that match `hold` with equal labels are held. */
export type Inhibition = { while: Match; hold: Match; equal: string[] };

export type EscalationStep = { level: number; afterMinutes: number; channels: PageChannel[] };

/** After the last step it is taken again every `everyMinutes`, up to `untilMinutes` of the escalation clock. */
export type Repeat = { everyMinutes: number; untilMinutes?: number | undefined };

export type EscalationPolicy = {
  steps: EscalationStep[];
  repeat: Repeat[];
  /** an acknowledgement without a resolve is reminded of after this long; null: never */
  ackTimeoutMinutes: number | null;
};

export type Route = {
  /** glob patterns (`*`, `?`), all of which must match */
  match: {
    alarmName?: string | undefined;
    account?: string | undefined;
    region?: string | undefined;
    tags?: Record<string, string> | undefined;
    /** the name of a sender's key */
    integration?: string | undefined;
    labels?: Record<string, string> | undefined;
  };
  service?: string | undefined;
  severity?: Severity | undefined;
  /** a template: `{account}`, `{region}`, `{alarmName}`, `{integration}`, `{service}`, `{tag:NAME}`, `{label:NAME}` */
  dedupKey?: string | undefined;
};

export type Operations = {
  responders: Record<string, Responder>;
  /** who is on call: a plain list of responders, all of them paged */
  schedules: Record<string, string[]>;
  /** index 0 is level 1; each entry names schedules or responders */
  levels: string[][];
  escalation: Record<Severity, EscalationPolicy>;
  services: Record<
    string,
    { owner?: string | undefined; runbook?: string | undefined; description?: string | undefined }
  >;
  routes: Route[];
  windows: Window[];
  inhibitions: Inhibition[];
  /** an OK holds the alert as recovering for this long before it resolves */
  quietMinutes: number;
  /** a reminded acknowledger has this long before the alert escalates again */
  forgottenMinutes: number;
  watchers?: { heartbeatUrl?: string | undefined } | undefined;
};
