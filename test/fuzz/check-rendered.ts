/** What must hold of a message and of a page, whatever the sender's text was. */
import type { Alert } from '../../functions/alerts/alert.ts';
import { renderAlertPage, renderBundlePage } from '../../functions/console/answer-page.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import { SMS_SEPTETS, septetsOf } from '../../functions/paging/gsm7.ts';
import { renderMessage } from '../../functions/paging/render-message.ts';
import { samplePage } from '../support/sample-alert.ts';
import { checkWellFormed } from './check-text.ts';
import { promise } from './target.ts';

const TOKEN = 'AbCdEfGhIjKlMnOpQrStUv';
const LINK = `https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/a/${TOKEN}`;

/** SNS takes 256 KB. */
const EMAIL_BYTES_MOST = 64 * 1024;
const PAGE_BYTES_MOST = 256 * 1024;

/** What no mail client or phone should get: whatever cannot be seen, but for line breaks. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** The elements that our pages are made of. */
const ELEMENTS = new Set(
  (
    '!doctype html head meta title style body main header footer section form input button label ' +
    'details summary article h1 h2 p a ol li dl div dt dd span small time b'
  ).split(' '),
);

export function checkRendered(alert: Alert, nowMs: number, operations: Operations): void {
  const page = { ...samplePage({ channel: 'topic', owedAt: nowMs }), responder: 'ana' };
  const single = renderMessage([{ alert, page }], LINK, nowMs, operations);
  const bundle = renderMessage(
    [
      { alert, page },
      { alert: { ...alert, id: 'other' }, page },
    ],
    LINK,
    nowMs,
    operations,
  );
  for (const { subject, body, sms = '' } of [single, bundle]) {
    promise(septetsOf(sms) <= SMS_SEPTETS, `an SMS has at most ${SMS_SEPTETS} septets of its alphabet`);
    promise(sms.split('\n').length === 2 && sms.endsWith(`\n${LINK}`), 'an SMS is one line and its link');
    promise(/^[\x20-\x7e]{1,99}$/.test(subject), 'a subject is 1 to 99 characters of ASCII');
    promise(Buffer.byteLength(body) <= EMAIL_BYTES_MOST, `an email has at most ${EMAIL_BYTES_MOST} bytes`);
    promise(!INVISIBLE.test(body), 'an email has nothing that cannot be seen');
    promise(body.split('\n').includes(LINK), 'an email has its link on a line of its own');
    checkWellFormed(body, 'an email');
  }
  const shown = { viewer: 'ana', token: TOKEN, nowMs, operations };
  checkHtml(renderAlertPage({ ...shown, alert, timeline: alert.timeline }));
  checkHtml(renderBundlePage({ ...shown, alerts: [alert, alert] }));
}

/** Every element is one of ours, and runs nothing. */
export function checkHtml(text: string): void {
  promise(Buffer.byteLength(text) <= PAGE_BYTES_MOST, `a page has at most ${PAGE_BYTES_MOST} bytes`);
  for (const [tag, name = ''] of text.matchAll(/<\/?([^\s/>]*)[^>]*>?/g)) {
    promise(ELEMENTS.has(name), `a page has no element ${name.slice(0, 40)}`);
    promise(!/\son\w+\s*=|javascript:/i.test(tag), 'no element runs a script');
  }
}
