/** The page behind a storm's link: how many and where, the worst of them, and one button for all. */

import { isOpen } from '../alerts/alert.ts';
import { nameOf, oneLine } from '../alerts/describe-alert.ts';
import { describeMoment } from '../alerts/describe-time.ts';
import type { StormAnswer } from '../paging/link.store.ts';
import { count, countsOf, describeUnlisted } from '../paging/storm.ts';
import { footLine, timeTag } from './alert-parts.ts';
import { answerForm } from './answer-buttons.ts';
import type { StormLink } from './answer-storm.ts';
import { alertCard, type BundlePage } from './bundle-page.ts';
import { html, type Markup } from './html.ts';
import { renderDocument } from './page-layout.ts';

export type StormPage = BundlePage & { link: StormLink };

/** @returns a whole HTML document; send it with `answerPageHeaders` */
export function renderStormPage(page: StormPage): string {
  const { alerts, viewer, token, nowMs, operations, link } = page;
  const { storm, answer } = link;
  const total = `${count(storm.alerts)}${storm.isMore ? '+' : ''}`;
  const title = `${total} alerts at once`;
  const unlisted = describeUnlisted(storm, alerts.length, !alerts.some(isOpen));
  return renderDocument({
    title: `${storm.severity.toUpperCase()} ${title}`,
    main: html`<header class="head ${answer ? 'acknowledged' : storm.severity}">
<h1>${title}</h1>
<p class="state"><b>${storm.severity}</b> ${answer ? describeProgress(answer) : 'A storm'}</p>
<p>Counted ${timeTag(link.sentAt, nowMs)}, when the message went out. Some may be over, or answered, by now.</p>
${answer && html`<p>${describeAnswer(answer, nowMs, nameOf(answer.by, operations))}</p>`}
</header>
${whereTable(storm)}
<section class="cards" aria-labelledby="worst"><h2 id="worst">The worst ${alerts.length} as they stand now</h2>
${alerts.map((alert) => alertCard(alert, page))}
${unlisted && html`<p>And ${unlisted}.</p>`}</section>`,
    foot: footLine(nameOf(viewer, operations), token, nowMs),
    bar: answer
      ? undefined
      : answerForm(
          token,
          html`<button class="big first" name="action" value="acknowledge">Acknowledge all ${total}</button>`,
        ),
  });
}

function whereTable(storm: StormLink['storm']): Markup | undefined {
  if (storm.services.length === 0) return undefined;
  return html`<section aria-labelledby="where"><h2 id="where">Where</h2>
<dl class="counts">
${countsOf(storm).map(({ service, alerts }) => html`<div><dt>${oneLine(service)}</dt><dd>${count(alerts)}</dd></div>\n`)}</dl></section>`;
}

/** By itself, not of the total: what was counted may be over, or answered, or with a higher level by now. */
function describeProgress({ acknowledged, finishedAt }: StormAnswer): string {
  return finishedAt === undefined
    ? `Being acknowledged: ${count(acknowledged)} so far`
    : `Acknowledged: ${count(acknowledged)}`;
}

function describeAnswer({ at, finishedAt }: StormAnswer, nowMs: number, name: string): string {
  const pressed = `${name} acknowledged all of them at ${describeMoment(at, nowMs)}.`;
  return finishedAt === undefined
    ? `${pressed} It takes a minute or two: show this page again to see how far it is. Nothing more is to be pressed.`
    : `${pressed} It is done: the others were over, answered or escalated before, and what has fired since pages anew.`;
}
