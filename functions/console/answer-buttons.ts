/** The buttons that answer an alert: only those that its state allows, the weighty ones after a second press. */
import { type Alert, isOpen } from '../alerts/alert.ts';
import { describeEscalation } from '../alerts/describe-alert.ts';
import type { Operations } from '../operations/operations.ts';
import { ANSWER_ROUTE } from './contract.ts';
import { type Fragment, html, type Markup } from './html.ts';

/** Where a link's page is, and where its form goes. */
export function answerPath(token: string): string {
  return ANSWER_ROUTE.replace('{token}', encodeURIComponent(token));
}

/**
 * One form for all buttons within: the pressed one's value is the answer.
 * @param place  `#<id>` of what the page is to show after the answer
 */
export function answerForm(token: string, content: Fragment, place: '' | `#${string}` = ''): Markup {
  return html`<form method="post" action="${answerPath(token)}${place}">${content}</form>`;
}

/**
 * The buttons of one alert, inside an {@link answerForm}.
 * @param about  `:<id>` where the form answers several alerts
 */
export function answerButtons(
  alert: Alert,
  operations: Operations,
  nowMs: number,
  about: '' | `:${string}` = '',
): Markup | undefined {
  if (!isOpen(alert)) return undefined;
  const escalation = describeEscalation(alert, operations, nowMs);
  const acknowledge =
    alert.status === 'triggered'
      ? html`<button class="big first" name="action" value="acknowledge${about}">Acknowledge</button>`
      : html`<button class="big wide" name="action" value="acknowledge${about}">Acknowledge again</button>`;
  return html`<input type="hidden" name="seen" value="${alert.pageCount}">
<div class="answers">
${acknowledge}
${escalation && confirmed('Escalate', `escalate${about}`, `Pages ${escalation} now.`, 'Yes, escalate')}
${confirmed('Resolve', `resolve${about}`, describeResolving(alert), 'Yes, resolve')}
</div>`;
}

/** A disclosure is a confirmation that needs neither a script nor a second page. */
function confirmed(label: string, action: string, consequence: string, yes: string): Markup {
  return html`<details>
<summary class="big">${label}</summary>
<div class="sure"><p>${consequence}</p>
<button class="big yes" name="action" value="${action}">${yes}</button></div>
</details>`;
}

function describeResolving(alert: Alert): string {
  const told = 'Ends the alert and tells everybody who was paged.';
  return alert.lastSignalState === 'alarm' ? `The alarm still fires. ${told}` : told;
}
