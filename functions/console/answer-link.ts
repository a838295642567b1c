/** What a link shows and does: GET shows, POST acts, on the lives that its message spoke of and on no later one. */
import * as z from 'zod/mini';
import { type Alert, isOpen, type TimelineEntry } from '../alerts/alert.ts';
import type { Snooze } from '../alerts/answer-alert.ts';
import { oneLine } from '../alerts/describe-alert.ts';
import type { AuditStore } from '../doctor/audit.store.ts';
import { confirmVerification, showVerification, type Verification } from '../paging/contacts-verification.ts';
import { LINK_AFTER_RESOLVE_MS, type Link, type LinkStore } from '../paging/link.store.ts';
import type { AnswerPorts } from './answer.ports.ts';
import { SNOOZE_MINUTES, SNOOZE_REASON_LIMIT } from './answer-buttons.ts';
import type { Done } from './answer-done.ts';
import { armStorm, isStorm, type StormLink } from './answer-storm.ts';
import { giveAnswer } from './give-answer.ts';
import type { Refusal } from './refusal-page.ts';

const Verb = z.enum(['acknowledge', 'resolve', 'escalate', 'snooze']);

const MINUTE_MS = 60_000;

/** 128 random bits in base64url. */
const TOKEN = /^[\w-]{22}$/;

/** At least 100 entries: as many as the page shows. */
const TIMELINE_ROWS = 5;

export type LinkPorts = AnswerPorts & { links: LinkStore; audits: Pick<AuditStore, 'change'> };

export type Shown =
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'alert'; viewer: string; alert: Alert; timeline: TimelineEntry[]; done?: Done | undefined }
  | { kind: 'bundle'; viewer: string; alerts: Alert[]; done?: Done | undefined }
  | { kind: 'storm'; viewer: string; alerts: Alert[]; link: StormLink; done?: Done | undefined }
  /** a test message */
  | { kind: 'verification'; shown: Verification; verify: NonNullable<Link['verify']> };

/** What became of a pressed button: the page to go to, or to show at once. */
export type Answered = Exclude<Shown, { kind: 'alert' | 'bundle' | 'storm' }> | { kind: 'done'; done: Done };

/** What the page behind the link shows now. Changes nothing. */
export async function showLink(token: string, ports: LinkPorts, done?: Done): Promise<Shown> {
  const link = await readLink(token, ports);
  if (link?.verify) {
    return { kind: 'verification', shown: showVerification(link, ports.nowMs()), verify: link.verify };
  }
  const opened = await openLives(link, ports);
  if ('refusal' in opened) return refused(opened.refusal);
  const { alerts } = opened;
  const viewer = opened.link.responder;
  if (isStorm(opened.link)) return { kind: 'storm', viewer, alerts, link: opened.link, done };
  const [alert] = alerts;
  if (!alert || opened.link.alerts.length > 1) return { kind: 'bundle', viewer, alerts, done };
  const timeline = await ports.alerts.readTimeline(alert, TIMELINE_ROWS);
  return { kind: 'alert', viewer, alert, timeline, done };
}

export type Pressed = {
  /** `acknowledge`, `escalate`, `resolve`, `snooze`; in a bundle `<verb>:<alert id>`, without an id: all of it */
  action: string;
  /** how many pages the alert had when the page was shown: a press that is repeated must not escalate once more */
  seenPages?: number | undefined;
  /** of a snooze: one of {@link SNOOZE_MINUTES} */
  minutes?: number | undefined;
  /** of a snooze */
  reason?: string | undefined;
};

/** Carries out a pressed button. */
export async function answerLink(token: string, pressed: Pressed, ports: LinkPorts): Promise<Answered> {
  const link = await readLink(token, ports);
  if (link?.verify) {
    const { verify } = link;
    if (pressed.action !== 'arrived') return refused('bad-request');
    return { kind: 'verification', shown: await confirmVerification({ ...link, verify }, ports), verify };
  }
  const opened = await openLives(link, ports);
  if ('refusal' in opened) return refused(opened.refusal);
  const [verb, id] = pressed.action.split(':', 2);
  const answer = Verb.safeParse(verb).data;
  const at = ports.nowMs();
  if (answer === 'acknowledge' && id === undefined && isStorm(opened.link)) {
    await armStorm(token, opened.link, ports);
    return { kind: 'done', done: { answer, at } };
  }
  const several = opened.link.alerts.length > 1;
  const all = several && id === undefined;
  const meant = opened.link.alerts.filter((alert) =>
    id === undefined ? !isStorm(opened.link) : alert.id === id,
  );
  const snooze = answer === 'snooze' ? readSnooze(pressed, at) : undefined;
  if (!answer || meant.length === 0 || (answer === 'snooze' && !snooze)) return refused('bad-request');

  const given = await Promise.all(
    meant.map(({ id, openedAt }) =>
      giveAnswer(id, answer, opened.link.responder, ports, {
        openedAt,
        seenPages: pressed.seenPages,
        snooze,
        onlyUnanswered: answer === 'acknowledge' && all,
      }),
    ),
  );
  const [only] = given;
  if (given.length > 1 || !only || only.kind === 'not-found') return { kind: 'done', done: { answer, at } };
  const outcome = { answer, kind: only.kind };
  return { kind: 'done', done: { answer, outcome, at, ...(several && { alertId: id }) } };
}

function readSnooze({ minutes, reason }: Pressed, nowMs: number): Snooze | undefined {
  const offered = SNOOZE_MINUTES.find((one) => one === minutes);
  if (offered === undefined) return undefined;
  return {
    until: nowMs + offered * MINUTE_MS,
    reason: oneLine(reason ?? '', SNOOZE_REASON_LIMIT) || undefined,
  };
}

async function readLink(token: string, ports: LinkPorts): Promise<Link | undefined> {
  return TOKEN.test(token) ? ports.links.read(token) : undefined;
}

/** The link with the lives that it speaks of, or why it is refused. */
async function openLives(
  link: Link | undefined,
  ports: LinkPorts,
): Promise<{ link: Link; alerts: Alert[] } | { refusal: Refusal }> {
  if (!link) return { refusal: 'unknown' };
  const alerts = await readLives(link, ports);
  if (alerts.length === 0) return { refusal: 'unknown' };
  const nowMs = ports.nowMs();
  const isOver = (alert: Alert) =>
    !isOpen(alert) && nowMs - (alert.resolution?.at ?? 0) > LINK_AFTER_RESOLVE_MS;
  return alerts.every(isOver) ? { refusal: 'expired' } : { link, alerts };
}

/** The present item where it is still that life, else the copy of the life that ended. */
async function readLives(link: Link, ports: LinkPorts): Promise<Alert[]> {
  const lives = await Promise.all(
    link.alerts.map(async ({ id, openedAt }) => {
      const current = await ports.alerts.read(id);
      return current?.openedAt === openedAt ? current : ports.alerts.readEnded(id, openedAt);
    }),
  );
  return lives.filter((alert) => alert !== undefined);
}

function refused(refusal: Refusal): Extract<Shown, { kind: 'refused' }> {
  return { kind: 'refused', refusal };
}
