/** The page behind a test message: who received it says so, and that is remembered. GET shows, POST acts. */
import { answerForm } from '../console/answer-buttons.ts';
import { html, type Markup } from '../console/html.ts';
import { renderDocument } from '../console/page-layout.ts';
import type { Tone } from '../console/page-style.ts';
import type { AuditStore } from '../doctor/audit.store.ts';
import { recordVerified } from '../doctor/audit-record.ts';
import type { Link } from './link.store.ts';

/** A test message can be confirmed for so long. */
export const VERIFICATION_MS = 24 * 3_600_000;

type Verify = NonNullable<Link['verify']>;

export type Verification = 'asked' | 'confirmed' | 'expired';

/** What the page of a link with `verify` shows; a GET changes nothing. */
export function showVerification({ sentAt }: Link, nowMs: number): Verification {
  return nowMs - sentAt > VERIFICATION_MS ? 'expired' : 'asked';
}

/** The button "It arrived" was pressed: remembered, unless the message is too old. Pressing it twice is pressing it once. */
export async function confirmVerification(
  link: Link & { verify: Verify },
  ports: { audits: Pick<AuditStore, 'change'>; nowMs: () => number },
): Promise<Verification> {
  const nowMs = ports.nowMs();
  if (showVerification(link, nowMs) === 'expired') return 'expired';
  await ports.audits.change((record) => recordVerified(record, link.verify, nowMs));
  return 'confirmed';
}

const CHANNEL_NAMES = { sms: 'SMS', email: 'Email' } as const;

/** The whole answer, less its headers: send it with `answerPageHeaders`. */
export function renderVerification(
  shown: Verification,
  { channel }: Verify,
  token: string,
): { statusCode: number; body: string } {
  const name = CHANNEL_NAMES[channel];
  switch (shown) {
    case 'asked':
      return page(200, 'info', 'This is a test', {
        text: `Nothing is broken, and nobody is paged. ${name} has reached you: say so, and your team knows.`,
        bar: answerForm(
          token,
          html`<button class="big first" name="action" value="arrived">It arrived</button>`,
        ),
      });
    case 'confirmed':
      return page(200, 'resolved', 'Thank you', {
        text: `Your team knows that ${name} reaches you. You may close this page.`,
      });
    case 'expired':
      return page(410, 'warning', 'This test is over', {
        text: 'It was sent more than 24 hours ago. Nothing was changed.',
      });
  }
}

function page(statusCode: number, tone: Tone, title: string, { text, bar }: { text: string; bar?: Markup }) {
  const main = html`<header class="head ${tone}"><h1>${title}</h1><p>${text}</p></header>`;
  return { statusCode, body: renderDocument({ title: `Tocsin: ${title}`, main, bar }) };
}
