/** Plain answers to links that do not act: nothing about any alert is told to who does not hold a good one. */
import { html } from './html.ts';
import { renderDocument } from './page-layout.ts';

export type Refusal = 'unknown' | 'expired' | 'bad-request' | 'unavailable';

const REFUSALS = {
  unknown: {
    statusCode: 404,
    title: 'This link is not known',
    text: 'It may have been cut short on its way. Open it from the message itself, or use the newest message.',
  },
  expired: {
    statusCode: 410,
    title: 'This link has expired',
    text: 'Its alert resolved more than 24 hours ago. If the alarm has fired since, a newer message has a link that works.',
  },
  'bad-request': {
    statusCode: 400,
    title: 'This answer was not understood',
    text: 'Nothing was changed. Open the link again, and press one of its buttons.',
  },
  /** AWS has failed us, or newer code is taking over */
  unavailable: {
    statusCode: 503,
    title: 'This did not work just now',
    text: 'It is not known whether your answer was taken. Open the link from the message again in some seconds: it shows how the alert stands. Until somebody acknowledges, it goes on paging.',
  },
} as const satisfies Record<Refusal, { statusCode: number; title: string; text: string }>;

/** The whole answer, less its headers: send it with `answerPageHeaders`. */
export function renderRefusal(kind: Refusal): { statusCode: number; body: string } {
  const { statusCode, title, text } = REFUSALS[kind];
  const main = html`<header class="head warning"><h1>${title}</h1><p>${text}</p></header>`;
  return { statusCode, body: renderDocument({ title, main }) };
}
