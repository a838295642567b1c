/** The timeline in sentences: the same ones on the answer page, in emails and in a terminal. */
import type { SignalSource } from '../intake/signal.ts';
import type { Operations } from '../operations/operations.ts';
import type { Channel, HoldReason, TimelineEntry, TimelineEvent } from './alert.ts';
import { nameOf, oneLine } from './describe-alert.ts';
import { isAlarm } from './describe-source.ts';
import { describeMoment } from './describe-time.ts';

/** Why nobody is paged, as the end of a sentence. */
export const HOLD_REASONS = {
  acknowledged: 'it is acknowledged',
  recovering: 'the alarm says OK, and may yet fire again',
  maintenance: 'a maintenance window is open',
  silenced: 'it is silenced',
  inhibited: 'another alert explains it',
  muted: 'the alarm is muted in CloudWatch',
  snoozed: 'it is snoozed',
  'not-yet': 'the next moment to page has not come',
  'nobody-on-call': 'nobody is on call',
  'nobody-reachable': 'none of its people can be reached',
  'waiting-for-slot': 'this contact had a message less than a minute ago',
} as const satisfies Record<HoldReason, string>;

/** The same of what is no alarm. */
const WITHOUT_ALARM = {
  ...HOLD_REASONS,
  recovering: 'it was said to be over, and may yet come back',
} as const satisfies Record<HoldReason, string>;

const CHANNELS = {
  sms: 'by SMS',
  email: 'by email',
  topic: 'on their topic',
} as const satisfies Record<Channel, string>;

/** A sender's reason may be a paragraph; the whole of it stands in the alert. */
const REASON_LIMIT = 160;

/** What a sentence is made of. */
type Words = {
  /** who did it; nobody in particular when it was the alarm or the clock */
  actor: string | undefined;
  /** `Ana by SMS (level 2)` */
  contact: string;
  /** who fires: `The alarm`, or `It` */
  subject: string;
  /** the entry speaks of a message to somebody, not of a whole level */
  addressed: boolean;
  level: number | undefined;
  /** the reason as it was written down */
  reason: string | undefined;
  /** `: ` and the reason in words, or nothing */
  because: string;
  /** ` until 14:05Z`, or nothing */
  until: string;
};

const SENTENCES = {
  'alert.opened': ({ because }) => `Alert opened${because}`,
  'alert.repeated': ({ subject, because }) => `${subject} fired again; no page for that${because}`,
  'alert.held': ({ until, because, actor }) =>
    `Paging is on hold${until}${because}${actor ? ` (${actor})` : ''}`,
  'alert.released': ({ reason }) => describeRelease(reason),
  'alert.severity-raised': ({ reason }) => `Severity raised${reason ? ` to ${reason}` : ''}`,
  'alert.escalated': ({ actor, level, because }) => {
    const target = level === undefined ? '' : ` to level ${level}`;
    return actor ? `${actor} escalated${target}` : `Escalated${target}${because}`;
  },
  'alert.snoozed': ({ actor, until, because }) => `${actor ?? 'Somebody'} snoozed it${until}${because}`,
  'alert.acknowledged': ({ actor }) => `${actor ?? 'Somebody'} acknowledged`,
  'alert.resolved': ({ actor, because }) => (actor ? `${actor} resolved it` : `Resolved${because}`),
  'page.sent': ({ contact }) => `Paged ${contact}`,
  'page.held': ({ addressed, contact, level, until, because }) => {
    if (addressed) return `Page to ${contact} waits${until}${because}`;
    return level === undefined ? `Nobody is paged${because}` : `Level ${level} is passed over${because}`;
  },
  'page.failed': ({ contact, until, because }) => `Page to ${contact} failed, waits${until}${because}`,
  'page.undeliverable': ({ contact, because }) => `Could not reach ${contact}${because}`,
  'page.dropped': ({ contact, because }) => `Page to ${contact} was not sent${because}`,
  'page.retried': ({ contact, because }) => `Page to ${contact} is sent again${because}`,
  'reminder.sent': ({ contact }) => `Reminded ${contact}: acknowledged, but not resolved`,
  'notice.sent': ({ contact }) => `Told ${contact} that it is resolved`,
} as const satisfies Record<TimelineEvent, (words: Words) => string>;

/**
 * One timeline entry as one sentence, on one line, without its time and without a full stop.
 * @param source  of its alert; absent: an alarm
 */
export function describeEntry(entry: TimelineEntry, operations: Operations, source?: SignalSource): string {
  const ofAlarm = !source || isAlarm(source);
  const reasons = ofAlarm ? HOLD_REASONS : WITHOUT_ALARM;
  const because = entry.reason && oneLine(describeReason(entry.reason, reasons), REASON_LIMIT);
  const byItself = entry.by === undefined || entry.by === 'alarm' || entry.by === 'clock';
  return SENTENCES[entry.event]({
    actor: byItself ? undefined : nameOf(entry.by!, operations),
    contact: describeContact(entry, operations),
    subject: ofAlarm ? 'The alarm' : 'It',
    addressed: entry.responder !== undefined,
    level: entry.level,
    reason: entry.reason && oneLine(entry.reason),
    because: because ? `: ${because}` : '',
    until: entry.until === undefined ? '' : ` until ${describeMoment(entry.until, entry.at)}`,
  });
}

const RELEASED: Partial<Record<string, string>> = {
  maintenance: 'The maintenance window ended',
  silenced: 'The silence ended',
  snoozed: 'The snooze ended',
  inhibited: 'No other alert explains it any more',
} satisfies Partial<Record<HoldReason, string>>;

function describeRelease(reason: string | undefined): string {
  if (reason === undefined) return 'The hold ended';
  return (Object.hasOwn(RELEASED, reason) && RELEASED[reason]) || `No longer ${reason}`;
}

/** `Ana by SMS (level 2)`. Only a page has its people's level; a reminder and a notice speak to everybody alike. */
function describeContact(entry: TimelineEntry, operations: Operations): string {
  const name = entry.responder ? nameOf(entry.responder, operations) : 'somebody';
  const channel = entry.channel ? ` ${CHANNELS[entry.channel]}` : '';
  const level = entry.level !== undefined && entry.event.startsWith('page.') ? ` (level ${entry.level})` : '';
  return `${name}${channel}${level}`;
}

/** Own property: a reason may be any text, `constructor` too. */
function describeReason(reason: string, reasons: Record<HoldReason, string>): string {
  return Object.hasOwn(reasons, reason) ? reasons[reason as HoldReason] : reason;
}
