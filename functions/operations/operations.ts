/** What operations.json holds: the team's procedures with every default filled in. */
import type { Severity } from '../alerts/alert.ts';

export type PageChannel = 'sms' | 'email';

export type Responder = { name: string; email?: string | undefined; phone?: string | undefined };

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
  };
  service?: string | undefined;
  severity?: Severity | undefined;
  /** a template: `{account}`, `{region}`, `{alarmName}`, `{service}`, `{tag:NAME}` */
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
  /** an OK holds the alert as recovering for this long before it resolves */
  quietMinutes: number;
  /** a reminded acknowledger has this long before the alert escalates again */
  forgottenMinutes: number;
};
