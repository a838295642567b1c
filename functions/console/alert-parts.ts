/** Pieces that the page of one alert and the page of several share. */
import { type Alert, heldBy, isOpen } from '../alerts/alert.ts';
import { describeNext, describeState } from '../alerts/describe-alert.ts';
import { describeOutcome } from '../alerts/describe-outcome.ts';
import { describeAge, describeDate, describeDuration, describeMoment } from '../alerts/describe-time.ts';
import type { Operations } from '../operations/operations.ts';
import { answerPath } from './answer-buttons.ts';
import type { Done } from './answer-done.ts';
import { html, type Markup } from './html.ts';
import type { Tone } from './page-style.ts';

/** How things stand, as the one colour of a page. */
export function toneOf(alert: Alert): Tone {
  if (!isOpen(alert)) return 'resolved';
  if (heldBy(alert)) return 'held';
  return alert.status === 'acknowledged' ? 'acknowledged' : alert.severity;
}

/** `14:05Z`, with the whole date for machines and for whoever asks. */
export function timeTag(atMs: number, nowMs: number): Markup {
  const iso = new Date(atMs).toISOString();
  return html`<time datetime="${iso}" title="${describeDate(atMs)}">${describeMoment(atMs, nowMs)}</time>`;
}

/** Severity and state, since when, and what comes next unless somebody answers. */
export function stateLines(alert: Alert, operations: Operations, nowMs: number): Markup {
  return html`<p class="state"><b>${alert.severity}</b> ${describeState(alert, operations, nowMs)}</p>
${isOpen(alert) ? course(alert, operations, nowMs) : outcomeOf(alert, nowMs)}`;
}

function course(alert: Alert, operations: Operations, nowMs: number): Markup {
  return html`<p>Since ${timeTag(alert.openedAt, nowMs)}, ${describeAge(alert.openedAt, nowMs)}</p>
<p>${describeNext(alert, operations, nowMs)}.</p>`;
}

function outcomeOf(alert: Alert, nowMs: number): Markup {
  const lasted = describeDuration((alert.resolution?.at ?? nowMs) - alert.openedAt);
  return html`<p>Began ${timeTag(alert.openedAt, nowMs)}, lasted ${lasted}</p>`;
}

/** What the answer just given did. */
export function flashLine(
  { answer, outcome, at }: Done,
  alert: Alert,
  viewer: string,
  operations: Operations,
): Markup | undefined {
  return outcome && flash(describeOutcome({ ...outcome, answer }, alert, viewer, operations, at));
}

export function flash(text: string): Markup {
  return html`<p class="flash" role="status">${text}</p>`;
}

/** Whose link it is, and how old the page is. Following the link shows it anew without answering again. */
export function footLine(name: string, token: string, nowMs: number): Markup {
  return html`<p>As of ${timeTag(nowMs, nowMs)} (<a href="${answerPath(token)}">show again</a>). This link is ${name}’s:
what is pressed here is written down as ${name}’s answer.</p>`;
}
