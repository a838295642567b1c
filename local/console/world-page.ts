/** The local world's own page: what is open, what was, and the inbox of everybody. It shows; the links in it act. */
import type { Alert } from '../../functions/alerts/alert.ts';
import { describeWhat, nameOf } from '../../functions/alerts/describe-alert.ts';
import { describeDate } from '../../functions/alerts/describe-time.ts';
import { stateLines, timeTag, toneOf } from '../../functions/console/alert-parts.ts';
import { html, type Markup, trusted } from '../../functions/console/html.ts';
import { STYLE } from '../../functions/console/page-style.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import type { Received } from './inbox.ts';

const REFRESH_S = 3;

/** Wider than a phone: alerts on the left, what people received on the right. */
const WORLD_STYLE = `
main{max-width:76rem;gap:2rem}
@media (min-width:60rem){main{grid-template-columns:minmax(0,5fr) minmax(0,6fr)}.head{grid-column:1/-1}}
section{display:grid;gap:1rem;align-content:start;grid-template-columns:minmax(0,1fr)}
section>h2{margin:0}
.message{background:var(--raised);border:1px solid var(--line);border-radius:.75rem;padding:.75rem 1rem;display:grid;gap:.375rem}
.message header{display:flex;flex-wrap:wrap;gap:.25rem .75rem;color:var(--quiet);font-size:.875rem}
.message header b{color:var(--text)}
.message p,.message pre{white-space:pre-wrap;font:inherit;line-height:1.4}
.message pre{font:.875rem/1.45 ui-monospace,SFMono-Regular,Menlo,monospace;color:var(--quiet);margin-top:.5rem}
.whole{grid-column:1/-1}
.message.sms{border-left:4px solid var(--resolved)}
.message.email{border-left:4px solid var(--info)}
.dropped{opacity:.75}
.dropped header::after{content:"dropped by SNS";color:var(--warning)}
code{font:.9375rem/1.4 ui-monospace,SFMono-Regular,Menlo,monospace;color:var(--text)}
`;

/** The one style element of these pages; their policy names its hash. */
export const WORLD_PAGE_STYLE = STYLE + WORLD_STYLE;

/** As much of a list as is shown, and how long it is. */
export type Part<T> = { shown: readonly T[]; total: number };

export type WorldPage = {
  open: Part<Alert>;
  ended: Part<Alert>;
  messages: Part<Received>;
  operations: Operations;
  nowMs: number;
  /** `in real time` */
  pace: string;
};

/** @returns a whole HTML document that loads itself anew every few seconds */
export function renderWorldPage({ open, ended, messages, operations, nowMs, pace }: WorldPage): string {
  return document(
    `${open.total > 0 ? `(${open.total}) ` : ''}Tocsin on this laptop`,
    html`<meta http-equiv="refresh" content="${REFRESH_S}">`,
    html`<header class="head ${open.shown[0] ? toneOf(open.shown[0]) : 'resolved'}">
<h1>Tocsin on this laptop</h1>
<p>${describeDate(nowMs)}, ${pace}. Nothing leaves this machine: the inbox has what SNS would have delivered.</p>
<p>Open a link in the inbox to answer as its recipient, or <code>npx tocsin ack ID</code> in another terminal.</p>
</header>
<section aria-labelledby="alerts"><h2 id="alerts">${open.total === 0 ? 'No open alert' : count(open, 'open alert')}</h2>
${open.shown.map((alert) => alertCard(alert, operations, nowMs))}
${ended.total > 0 && html`<h2>${count(ended, 'ended alert')}</h2>`}
${ended.shown.map((alert) => alertCard(alert, operations, nowMs))}
</section>
<section aria-labelledby="inbox"><h2 id="inbox">${messages.total === 0 ? 'Nothing in the inbox yet' : count(messages, 'message')}</h2>
${messages.shown.map((message) => messageCard(message, operations, nowMs))}
</section>`,
  );
}

/** One message by itself, to be read at leisure. */
export function renderMessagePage(message: Received, operations: Operations, nowMs: number): string {
  const { subject, channel, body } = message;
  return document(
    subject ?? channel,
    undefined,
    html`<section class="whole"><p><a href="/">All alerts and messages</a></p>
<article class="message ${channel}">${messageHead(message, operations, nowMs)}
${subject && html`<p><b>${subject}</b></p>`}
<pre>${withLinks(body)}</pre></article></section>`,
  );
}

function document(title: string, head: Markup | undefined, main: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark">
${head}
<title>${title}</title>
<style>${trusted(WORLD_PAGE_STYLE)}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`.text;
}

function alertCard(alert: Alert, operations: Operations, nowMs: number): Markup {
  const paged = alert.paged.map(
    ({ responder, level }) => `${nameOf(responder, operations)} (level ${level})`,
  );
  return html`<article class="card ${toneOf(alert)}">
<h2>${describeWhat(alert)}</h2>
${stateLines(alert, operations, nowMs)}
<p>${paged.length > 0 ? `Paged so far: ${paged.join(', ')}` : 'Nobody was paged'}</p>
<p><code>npx tocsin show ${alert.id}</code></p>
</article>
`;
}

function messageCard(message: Received, operations: Operations, nowMs: number): Markup {
  const { number, channel, subject, body, delivered } = message;
  const text =
    channel === 'sms'
      ? html`<p>${withLinks(body)}</p>`
      : html`<p>${subject}</p>
<p><a href="/messages/${number}">Read the email</a> ${linkOf(body)}</p>`;
  return html`<article class="message ${channel}${delivered ? '' : ' dropped'}">
${messageHead(message, operations, nowMs)}
${text}
</article>
`;
}

function messageHead({ at, to, channel }: Received, operations: Operations, nowMs: number): Markup {
  const kind = channel === 'sms' ? 'SMS' : 'email';
  return html`<header>${timeTag(at, nowMs)} <b>${ownerOf(to, operations)}</b> ${kind} to ${to}</header>`;
}

function ownerOf(to: string, operations: Operations): string {
  const owner = Object.values(operations.responders).find(({ email, phone }) => email === to || phone === to);
  return owner?.name ?? 'somebody';
}

const LINK = /(https?:\/\/\S+\/a\/[\w-]{22})/;

/** The text with its answer links made clickable. */
function withLinks(text: string): Markup[] {
  return text
    .split(LINK)
    .map((part) => (LINK.test(part) ? html`<a href="${part}">${part}</a>` : html`${part}`));
}

function linkOf(body: string): Markup | undefined {
  const link = LINK.exec(body)?.[1];
  return link === undefined ? undefined : html`· <a href="${link}">Open its link</a>`;
}

/** `9,812 open alerts, the latest 50` */
function count({ shown, total }: Part<unknown>, what: string): string {
  const all = `${total.toLocaleString('en-US')} ${what}${total === 1 ? '' : 's'}`;
  return total > shown.length ? `${all}, the latest ${shown.length}` : all;
}
