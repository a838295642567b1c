/** A signal: what any source says about one thing that can break, in Tocsin's own words. */
import * as z from 'zod/mini';

/** At most this much of a sender's free text is kept in an alert. Source: docs/adr, the item stays under 64 KB. */
export const SIGNAL_TEXT_LIMIT = 2_000;

export const SignalState = z.enum(['alarm', 'ok', 'insufficient-data', 'deleted']);
export type SignalState = z.infer<typeof SignalState>;

/** Urgency, in the words of the procedures. */
export const Severity = z.enum(['critical', 'warning', 'info']);
export type Severity = z.infer<typeof Severity>;

/** Where the signal came from. `key` is the sender's own name of the broken thing. */
export const SignalSource = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('cloudwatch'),
    account: z.string(),
    region: z.string(),
    alarmName: z.string(),
    alarmArn: z.string(),
    /** one member of a multi-series alarm */
    contributor: z.optional(z.string()),
  }),
  /** a sender with a key of its own: `tocsin keys add grafana` */
  z.object({
    kind: z.literal('integration'),
    integration: z.string(),
    format: z.enum(['pagerduty', 'alertmanager']),
    key: z.string(),
    /** the sender's page about it; http or https */
    url: z.optional(z.string()),
  }),
  /** `tocsin alert "…"`; by `cli:<user>` */
  z.object({ kind: z.literal('cli'), key: z.string(), by: z.string() }),
  /** Tocsin itself: a contact that cannot be reached, a finding of the doctor */
  z.object({ kind: z.literal('tocsin'), key: z.string() }),
]);
export type SignalSource = z.infer<typeof SignalSource>;
export type CloudWatchSource = Extract<SignalSource, { kind: 'cloudwatch' }>;

/** What routes, windows, silences and inhibitions match. At most {@link LABELS_MOST}, each value cut. */
export const Labels = z.record(z.string(), z.string());
export type Labels = z.infer<typeof Labels>;

export const LABELS_MOST = 40;
export const LABEL_NAME_LIMIT = 128;
export const LABEL_VALUE_LIMIT = 256;

/** What one needs to know at 3 a.m., as far as the sender said it. All texts are cut to {@link SIGNAL_TEXT_LIMIT}. */
export const SignalDetail = z.object({
  /** what is broken, in one line */
  title: z.string(),
  reason: z.optional(z.string()),
  description: z.optional(z.string()),
  /** `AWS/EC2 CPUUtilization Average, InstanceId=i-1` */
  metric: z.optional(z.string()),
  /** `> 80 for 3 of 5 periods of 300 s` */
  threshold: z.optional(z.string()),
  /** set when something was cut from the sender's text */
  truncated: z.optional(z.boolean()),
});
export type SignalDetail = z.infer<typeof SignalDetail>;

export const Signal = z.object({
  /** the sender's identity of the broken thing, scoped by its source; the alert's id is its hash */
  dedupKey: z.string(),
  source: SignalSource,
  state: SignalState,
  /** epoch milliseconds: when the sender says its state changed */
  at: z.int(),
  /** epoch milliseconds: when it reached us, of a sender who says of one moment again that it fires */
  heardAt: z.optional(z.int()),
  detail: SignalDetail,
  /** why CloudWatch suppresses or mutes the alarm's actions; absent when it does not */
  suppressed: z.optional(z.string()),
  /** tags of the alarm, for routes */
  tags: z.optional(z.record(z.string(), z.string())),
  /** what the sender says of it: dimensions of a metric, Alertmanager's labels, PagerDuty's source and component */
  labels: z.optional(Labels),
  /** what the sender thinks of it; a route knows better */
  severity: z.optional(Severity),
  /** what the sender says is broken; counts if operations.ts has a service of that name */
  service: z.optional(z.string()),
});
export type Signal = z.infer<typeof Signal>;

/** Somebody took an alert over in the sender's own console. The sender's names are scoped as in a {@link Signal}. */
export const Acknowledgement = z.object({
  dedupKey: z.string(),
  source: SignalSource,
  labels: z.optional(Labels),
  /** `integration:<name>` */
  by: z.string(),
  /** epoch milliseconds: when it reached us */
  at: z.int(),
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;

/** A signal after the routes of operations.ts: whose it is and how urgent. `dedupKey` is the route's, if it has one. */
export type ClassifiedSignal = Omit<Signal, 'severity' | 'service'> & {
  severity: Severity;
  /** a key of `operations.services`; absent when nobody named one */
  service?: string | undefined;
};
