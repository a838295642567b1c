/** The page behind a bundle's link: several alerts, each with its own state and buttons. */
import { type Alert, isUnanswered } from '../alerts/alert.ts';
import { describeWhat, nameOf, oneLine, runbookOf } from '../alerts/describe-alert.ts';
import { describeMoment } from '../alerts/describe-time.ts';
import type { Operations } from '../operations/operations.ts';
import { countByService } from '../paging/headline.ts';
import { flash, flashLine, footLine, stateLines, toneOf } from './alert-parts.ts';
import { answerButtons, answerForm } from './answer-buttons.ts';
import type { Done } from './answer-done.ts';
import { html, type Markup } from './html.ts';
import { renderDocument } from './page-layout.ts';
import { TONES } from './page-style.ts';

/** Enough of a reason to tell one alert from another. */
const REASON_LENGTH = 160;

export type BundlePage = {
  /** each once, in the order in which they are shown */
  alerts: readonly Alert[];
  /** whose link it is: a key of `operations.responders`, or `watchers` */
  viewer: string;
  token: string;
  nowMs: number;
  operations: Operations;
  /** after an answer: what it did */
  done?: Done | undefined;
};

/**
 * A button's value is `acknowledge:<alert id>`, `escalate:…`, `resolve:…`; that of all alerts is `acknowledge`.
 * @returns a whole HTML document; send it with `answerPageHeaders`
 */
export function renderBundlePage(page: BundlePage): string {
  const { alerts, viewer, token, nowMs, operations, done } = page;
  const tones = alerts.map(toneOf);
  const worst = TONES.find((tone) => tones.includes(tone)) ?? 'resolved';
  const unanswered = alerts.filter(isUnanswered).length;
  return renderDocument({
    title: countByService(alerts),
    main: html`${done && !done.alertId && flash(`Your answer of ${describeMoment(done.at, nowMs)} is written down: each alert says how it stands.`)}
<header class="head ${worst}">
<h1>${countByService(alerts)}</h1>
<p class="state">${describeUnanswered(unanswered)}</p>
</header>
${alerts.map((alert) => alertCard(alert, page))}`,
    foot: footLine(nameOf(viewer, operations), token, nowMs),
    bar:
      unanswered > 0
        ? answerForm(
            token,
            html`<button class="big first" name="action" value="acknowledge">Acknowledge all</button>`,
          )
        : undefined,
  });
}

/** One alert among several, with its own buttons. */
export function alertCard(
  alert: Alert,
  { viewer, token, nowMs, operations, done }: Omit<BundlePage, 'alerts'>,
): Markup {
  const runbook = runbookOf(alert, operations);
  const reason = oneLine(alert.detail.reason ?? '', REASON_LENGTH);
  return html`<article class="card ${toneOf(alert)}" id="${alert.id}">
<h2>${describeWhat(alert)}</h2>
${done?.alertId === alert.id && flashLine(done, alert, viewer, operations)}
${stateLines(alert, operations, nowMs)}
${reason && html`<p>${reason}</p>`}
${runbook && html`<p><a href="${runbook}" rel="noreferrer noopener">Open the runbook</a></p>`}
${answerButtons(alert, token, operations, nowMs, `:${alert.id}`, `#${alert.id}`)}
</article>
`;
}

function describeUnanswered(count: number): string {
  if (count === 0) return 'Every one is answered';
  return count === 1 ? 'One needs an answer' : `${count} need an answer`;
}
