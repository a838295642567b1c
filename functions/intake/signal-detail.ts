/** What a sender says of one broken thing, cut so that an alert stays one small item. */
import { cutText, wellFormed } from './cut-text.ts';
import type { SignalDetail } from './signal.ts';

/** An address that is cut leads nowhere, so a longer one is left out. */
const ADDRESS_MOST = 2_000;

/** @param whole  the texts as the sender wrote them; an empty one is left out */
export function boundDetail(
  whole: {
    [text in Exclude<keyof SignalDetail, 'truncated'>]?: string | undefined;
  },
): SignalDetail {
  const detail: SignalDetail = { title: '' };
  for (const [name, text] of Object.entries(whole) as [keyof typeof whole, string | undefined][]) {
    if (!text) continue;
    detail[name] = cutText(text);
    if (detail[name].length < text.length) detail.truncated = true;
  }
  return detail;
}

/** The address, if it is one to follow at 3 a.m.: http or https, and a text that a table takes. */
export function webAddress(value: unknown): string | undefined {
  return typeof value === 'string' &&
    value.length <= ADDRESS_MOST &&
    URL.canParse(value) &&
    wellFormed(value) === value &&
    /^https?:\/\/\S+$/i.test(value)
    ? value
    : undefined;
}
