/** The message for one contact: one page as itself, several as a bundle, each in its channel's form. */
import type { Alert, Page } from '../alerts/alert.ts';
import type { Operations } from '../operations/operations.ts';
import type { BundleItem } from './headline.ts';
import { renderBundleEmail, renderEmail } from './render-email.ts';
import { renderBundleSms, renderSms } from './render-sms.ts';
import type { Message } from './sns.sender.ts';
import type { Storm } from './storm.ts';

/**
 * @param pages  at least one; all of one responder and channel
 * @param storm  counts all that the message tells of, where `pages` are only the worst of it
 */
export function renderMessage(
  pages: readonly { alert: Alert; page: Page }[],
  link: string,
  nowMs: number,
  operations: Operations,
  storm?: Storm,
): Message {
  const { responder, channel } = pages[0]!.page;
  const items: BundleItem[] = pages.map(({ alert, page }) => ({
    alert,
    kind: page.kind,
    level: page.level,
    after: page.after,
  }));
  const context = { link, nowMs, operations };
  const single = items.length === 1 ? items[0] : undefined;
  const sms = single
    ? renderSms({ ...single, ...context })
    : renderBundleSms({ items, responder, storm, ...context });
  if (channel === 'sms') return { subject: '', body: sms };
  const email = single
    ? renderEmail({ ...single, ...context })
    : renderBundleEmail({ items, responder, storm, ...context });
  // The watchers' topic has subscriptions of both kinds.
  return channel === 'topic' ? { ...email, sms } : email;
}
