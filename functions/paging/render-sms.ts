/** A page as one text message: 160 septets of the GSM alphabet, the link always whole. */
import { cutToSeptets, SMS_SEPTETS, septetsOf, toGsm7 } from './gsm7.ts';
import {
  type AlertMessage,
  type BundleMessage,
  bundleHeadlineOf,
  type Headline,
  headlineOf,
} from './headline.ts';

/** With less room than this for what is broken, the words around it make way. */
const WHAT_SEPTETS = 20;

/** `CRITICAL checkout: orders-5xx-rate since 14:05Z`, and the link on a line of its own. */
export function renderSms(message: AlertMessage): string {
  const full = headlineOf(message);
  return roomForWhat(full, message.link) < WHAT_SEPTETS
    ? compose(headlineOf(message, 'terse'), message.link)
    : compose(full, message.link);
}

/** `CRITICAL 6 alerts in checkout, 2 in search since 14:05Z`, and the link on a line of its own. */
export function renderBundleSms(message: BundleMessage): string {
  return compose(bundleHeadlineOf(message), message.link);
}

/** Cuts what is broken; for a link beyond all reason the rest as well; the link never. */
function compose(headline: Headline, link: string): string {
  const what = cutToSeptets(toGsm7(headline.what), Math.max(0, roomForWhat(headline, link)));
  const text = cutToSeptets(headline.before + what + headline.after, roomBeside(link));
  return text === '' ? link : `${text}\n${link}`;
}

function roomForWhat({ before, after }: Headline, link: string): number {
  return roomBeside(link) - septetsOf(before) - septetsOf(after);
}

function roomBeside(link: string): number {
  return Math.max(0, SMS_SEPTETS - septetsOf(`\n${link}`));
}
