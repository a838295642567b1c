/** The buttons that answer an alert: only those that its state allows, the weighty ones after a second press. */
import { type Alert, isOpen, isUnanswered } from '../alerts/alert.ts';
import { capital, describeEscalation, describeFiring } from '../alerts/describe-alert.ts';
import type { Operations } from '../operations/operations.ts';
import { ANSWER_ROUTE } from './contract.ts';
import { type Fragment, html, type Markup } from './html.ts';

/** How long a snooze may last, as the page offers it. */
export const SNOOZE_MINUTES = [60, 240, 480, 1440] as const;

/** As long as the command line's. */
export const SNOOZE_REASON_LIMIT = 250;

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
 * The buttons of one alert, a form each: what is typed into one is not sent with another.
 * @param about  `:<id>` where the link is about several alerts
 * @param place  `#<id>` of what the page is to show after the answer
 */
export function answerButtons(
  alert: Alert,
  token: string,
  operations: Operations,
  nowMs: number,
  about: '' | `:${string}` = '',
  place: '' | `#${string}` = '',
): Markup | undefined {
  if (!isOpen(alert)) return undefined;
  const escalation = describeEscalation(alert, operations, nowMs);
  const form = (content: Fragment) => answerForm(token, content, place);
  const press = (kind: string, action: string, label: string) =>
    html`<button class="big ${kind}" name="action" value="${action}${about}">${label}</button>`;
  const isSnoozed = alert.status === 'triggered' && !isUnanswered(alert);
  const acknowledge = form(
    isUnanswered(alert)
      ? press('first', 'acknowledge', 'Acknowledge')
      : press('wide', 'acknowledge', isSnoozed ? 'Acknowledge' : 'Acknowledge again'),
  );
  return html`<div class="answers">
${!isSnoozed && acknowledge}
${
  escalation &&
  confirmed(
    'Escalate',
    form(html`<p>Pages ${escalation} now.</p>
<input type="hidden" name="seen" value="${alert.pageCount}">
${press('yes', 'escalate', 'Yes, escalate')}`),
  )
}
${escalation && confirmed('Snooze', form(snooze(`snooze${about}`)))}
${confirmed(
  'Resolve',
  form(html`<p>${describeResolving(alert)}</p>
${press('yes', 'resolve', 'Yes, resolve')}`),
)}
${isSnoozed && acknowledge}
</div>`;
}

/** A disclosure is a confirmation that needs neither a script nor a second page. */
function confirmed(label: string, form: Markup): Markup {
  return html`<details>
<summary class="big">${label}</summary>
<div class="sure">${form}</div>
</details>`;
}

function snooze(action: string): Markup {
  return html`<p>Nobody is paged until the snooze ends. If it still fires then, it starts over at level 1.</p>
<input type="hidden" name="action" value="${action}">
<label>Why, for the timeline <input class="line" name="reason" maxlength="${SNOOZE_REASON_LIMIT}" autocomplete="off" placeholder="optional"></label>
<div class="spans">
${SNOOZE_MINUTES.map(
  (minutes) => html`<button class="big yes" name="minutes" value="${minutes}">${minutes / 60} h</button>\n`,
)}</div>`;
}

function describeResolving(alert: Alert): string {
  const told = 'Ends the alert and tells everybody who was paged.';
  const firing = describeFiring(alert);
  return firing ? `${capital(firing)}. ${told}` : told;
}
