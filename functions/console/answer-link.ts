/** What a link shows and does: GET shows, POST acts, on the lives that its message spoke of and on no later one. */
import * as z from 'zod/mini';
import { type Alert, isOpen, type TimelineEntry } from '../alerts/alert.ts';
import type { AnswerOutcome } from '../alerts/describe-outcome.ts';
import { LINK_AFTER_RESOLVE_MS, type Link, type LinkStore } from '../paging/link.store.ts';
import type { AnswerPorts } from './answer.ports.ts';
import { giveAnswer } from './give-answer.ts';
import type { Refusal } from './refusal-page.ts';

const Verb = z.enum(['acknowledge', 'resolve', 'escalate']);

/** 128 random bits in base64url. */
const TOKEN = /^[\w-]{22}$/;

/** At least 100 entries: as many as the page shows. */
const TIMELINE_ROWS = 5;

export type LinkPorts = AnswerPorts & { links: LinkStore };

export type Shown =
  | { kind: 'refused'; refusal: Refusal }
  | {
      kind: 'alert';
      viewer: string;
      alert: Alert;
      timeline: TimelineEntry[];
      flash?: AnswerOutcome | undefined;
    }
  | { kind: 'bundle'; viewer: string; alerts: Alert[]; flash?: Record<string, AnswerOutcome> | undefined };

/** What the page behind the link shows now. Changes nothing. */
export async function showLink(token: string, ports: LinkPorts): Promise<Shown> {
  const opened = await openLink(token, ports);
  return 'refusal' in opened ? refused(opened.refusal) : show(opened.link, opened.alerts, {}, ports);
}

export type Pressed = {
  /** `acknowledge`, `escalate`, `resolve`; in a bundle `<verb>:<alert id>`, without an id: all of it */
  action: string;
  /** how many pages the alert had when the page was shown: a reload must not escalate once more */
  seenPages?: number;
};

/** Carries out a pressed button. */
export async function answerLink(
  token: string,
  { action, seenPages }: Pressed,
  ports: LinkPorts,
): Promise<Shown> {
  const opened = await openLink(token, ports);
  if ('refusal' in opened) return refused(opened.refusal);
  const [verb, id] = action.split(':', 2);
  const answer = Verb.safeParse(verb);
  const meant = opened.link.alerts.filter((alert) => id === undefined || alert.id === id);
  if (!answer.success || meant.length === 0) return refused('bad-request');

  const outcomes: Record<string, AnswerOutcome> = {};
  const lives = new Map(opened.alerts.map((alert) => [alert.id, alert]));
  await Promise.all(
    meant.map(async ({ id, openedAt }) => {
      const given = await giveAnswer(id, answer.data, opened.link.responder, ports, { openedAt, seenPages });
      if (given.kind === 'not-found') return;
      outcomes[id] = { answer: answer.data, kind: given.kind };
      if (given.alert.openedAt === openedAt) lives.set(id, given.alert);
    }),
  );
  return show(opened.link, [...lives.values()], outcomes, ports);
}

/** The link with the lives that it speaks of, or why it is refused. */
async function openLink(
  token: string,
  ports: LinkPorts,
): Promise<{ link: Link; alerts: Alert[] } | { refusal: Refusal }> {
  const link = TOKEN.test(token) ? await ports.links.read(token) : undefined;
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

async function show(
  link: Link,
  alerts: Alert[],
  outcomes: Record<string, AnswerOutcome>,
  ports: LinkPorts,
): Promise<Shown> {
  const viewer = link.responder;
  const [alert] = alerts;
  if (!alert) return refused('unknown');
  if (link.alerts.length > 1) return { kind: 'bundle', viewer, alerts, flash: outcomes };
  const timeline = await ports.alerts.readTimeline(alert, TIMELINE_ROWS);
  return { kind: 'alert', viewer, alert, timeline, flash: outcomes[alert.id] };
}

function refused(refusal: Refusal): Shown {
  return { kind: 'refused', refusal };
}
