/** The page behind a link: one alert, for a phone in the dark. Showing it changes nothing. */
import type { Alert, TimelineEntry } from '../alerts/alert.ts';
import { describeWhat, linesOf, nameOf, runbookOf, serviceOf } from '../alerts/describe-alert.ts';
import { describeEntry } from '../alerts/describe-entry.ts';
import { describeSource } from '../alerts/describe-source.ts';
import { describeAge } from '../alerts/describe-time.ts';
import type { Operations } from '../operations/operations.ts';
import { flashLine, footLine, stateLines, timeTag, toneOf } from './alert-parts.ts';
import { answerButtons } from './answer-buttons.ts';
import type { Done } from './answer-done.ts';
import { html, type Markup } from './html.ts';
import { renderDocument } from './page-layout.ts';

export { renderBundlePage } from './bundle-page.ts';
export { answerPageHeaders } from './page-layout.ts';
export { renderRefusal } from './refusal-page.ts';
export { renderStormPage } from './storm-page.ts';

/** An alert that nobody answers for thirty days has thousands of entries; a phone needs the latest. */
const TIMELINE_ENTRIES = 100;

export type AlertPage = {
  alert: Alert;
  /** of the alert's present life, oldest first */
  timeline: readonly TimelineEntry[];
  /** whose link it is: a key of `operations.responders`, or `watchers` */
  viewer: string;
  token: string;
  nowMs: number;
  operations: Operations;
  /** after an answer: what it did */
  done?: Done | undefined;
};

/** @returns a whole HTML document; send it with `answerPageHeaders` */
export function renderAlertPage(page: AlertPage): string {
  const { alert, viewer, token, nowMs, operations, done } = page;
  const what = describeWhat(alert);
  return renderDocument({
    title: `${alert.severity.toUpperCase()} ${what}`,
    main: html`${done && flashLine(done, alert, viewer, operations)}
<header class="head ${toneOf(alert)}">
<h1>${what}</h1>
${stateLines(alert, operations, nowMs)}
</header>
${runbookLink(alert, operations)}
${facts(page)}
${timelineList(page)}`,
    foot: footLine(nameOf(viewer, operations), token, nowMs),
    bar: answerButtons(alert, token, operations, nowMs),
  });
}

function runbookLink(alert: Alert, operations: Operations): Markup | undefined {
  const runbook = runbookOf(alert, operations);
  return runbook === undefined
    ? undefined
    : html`<a class="big" href="${runbook}" rel="noreferrer noopener">Open the runbook</a>`;
}

function facts({ alert, operations }: AlertPage): Markup {
  const { detail, source } = alert;
  const service = serviceOf(alert, operations);
  const paged = alert.paged.map(
    ({ responder, level }) => `${nameOf(responder, operations)} (level ${level})`,
  );
  const rows = {
    Why: detail.reason,
    Metric: detail.metric,
    Threshold: detail.threshold,
    Description: detail.description,
    Service: alert.service && [alert.service, service?.description].filter(Boolean).join(': '),
    Owner: service?.owner,
    ...Object.fromEntries(describeSource(source)),
    Paged: paged.join(', '),
  };
  return html`<section aria-labelledby="facts"><h2 id="facts">What is known</h2>
<dl>
${Object.entries(rows).map(([term, text]) => text && fact(term, text))}
</dl>
${detail.truncated && html`<p>The sender said more: its text was cut.</p>`}
</section>`;
}

function fact(term: string, text: string): Markup {
  return html`<div><dt>${term}</dt><dd>${linesOf(text).map((line) => html`<p>${line}</p>`)}</dd></div>
`;
}

function timelineList({ alert, timeline, nowMs, operations }: AlertPage): Markup | undefined {
  if (timeline.length === 0) return undefined;
  const latest = timeline.slice(-TIMELINE_ENTRIES);
  return html`<section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>
${timeline.length > latest.length && html`<p>Earlier entries are left out.</p>`}
<ol>
${latest.map((entry) => html`<li>${timeTag(entry.at, nowMs)}<span>${describeEntry(entry, operations, alert.source)} <small>${describeAge(entry.at, nowMs)}</small></span></li>\n`)}
</ol></section>`;
}
