import { describe, expect, it } from 'vitest';
import type { Alert, Page } from '../../functions/alerts/alert.ts';
import {
  claimedPages,
  dropActivePages,
  dropReminders,
  isHeldBack,
  type Owed,
  oweNotices,
  owePages,
  releaseExpiredClaims,
  releaseWaitingPages,
  whyMoot,
} from '../../functions/alerts/alert-pages.ts';
import {
  acknowledged,
  minutesIn,
  OPENED_AT,
  resolved,
  sampleAlert,
  samplePage,
} from '../support/sample-alert.ts';

const NOW_MS = minutesIn(1);
const SNOOZED: Partial<Alert> = { holds: { snoozed: { since: OPENED_AT, until: minutesIn(60), by: 'ana' } } };

/** The pages of the sample alert after this was done to it. */
function pagesAfter(pages: Page[], edit: (draft: Alert) => void): Page[] {
  const draft = sampleAlert({ pages, pageCount: pages.length });
  edit(draft);
  return draft.pages;
}

describe('owePages', () => {
  const owed: Owed = { kind: 'page', level: 2, contacts: [{ responder: 'ana', channel: 'sms' }] };
  const retry = { status: 'owed', notBefore: minutesIn(4) } as const;
  const pagesWith = (page: Partial<Page>, more: Partial<Owed> = {}) =>
    pagesAfter([samplePage(page)], (draft) => owePages(draft, NOW_MS, { ...owed, ...more }));

  it.each<[string, Partial<Page>, number]>([
    ['to be sent', { status: 'owed' }, 1],
    ['on its way', { status: 'sending' }, 1],
    ['waiting', { status: 'waiting' }, 1],
    ['sent', { status: 'sent' }, 2],
    ['of another kind', { status: 'owed', kind: 'reminder' }, 2],
    ['to another person', { status: 'owed', responder: 'ben' }, 2],
    ['on another channel', { status: 'owed', channel: 'email' }, 2],
  ])('beside one %s', (_, page, count) => expect(pagesWith(page)).toHaveLength(count));

  it('gives the one to be sent the higher level of both', () => {
    expect(pagesWith({ ...retry, level: 1 })).toMatchObject([{ level: 2 }]);
    expect(pagesWith({ ...retry, level: 3 })).toMatchObject([{ level: 3 }]);
  });

  it('leaves it when it is due, unless a hand asks: then at once', () => {
    expect(pagesWith(retry)).toEqual([samplePage({ ...retry, level: 2 })]);
    expect(pagesWith(retry, { byHand: true })).toEqual([
      samplePage({ status: 'owed', level: 2, byHand: true }),
    ]);
  });

  it('leaves a page in its line when a hand asks: it looks after that one until then', () =>
    expect(pagesWith({ ...retry, status: 'waiting' }, { byHand: true })).toMatchObject([
      { status: 'waiting', notBefore: minutesIn(4), byHand: true },
    ]));

  it('tells the watchers on their topic that it is over, everybody else by email', () => {
    const paged = ['ana', 'watchers'].map((responder) => ({ responder, level: 1 }));
    const notices = pagesAfter([], (draft) => oweNotices(draft, NOW_MS, paged));
    expect(notices.map(({ kind, responder, channel }) => [kind, responder, channel])).toEqual([
      ['notice', 'ana', 'email'],
      ['notice', 'watchers', 'topic'],
    ]);
  });
});

describe('a claim', () => {
  it.each<[string, Partial<Page>, boolean]>([
    ['of this write', { status: 'sending', claim: { version: 3, until: NOW_MS } }, true],
    ['of an earlier write', { status: 'sending', claim: { version: 2, until: NOW_MS } }, false],
    ['that is not there', { status: 'sending' }, false],
    ['of a page that is sent', { status: 'sent', claim: { version: 3, until: NOW_MS } }, false],
  ])('%s', (_, page, isMine) =>
    expect(claimedPages(sampleAlert({ pages: [samplePage(page)] }))).toHaveLength(isMine ? 1 : 0),
  );

  it.each<[string, Partial<Page>, Page['status']]>([
    ['a claim that lasts', { status: 'sending', claim: { version: 3, until: NOW_MS + 1 } }, 'sending'],
    ['a claim that ends now', { status: 'sending', claim: { version: 3, until: NOW_MS } }, 'owed'],
    ['no claim', { status: 'sending' }, 'owed'],
    ['time left in its line', { status: 'waiting', notBefore: NOW_MS + 1 }, 'waiting'],
    ['no time left in its line', { status: 'waiting', notBefore: NOW_MS }, 'owed'],
    ['no limit in its line', { status: 'waiting' }, 'waiting'],
  ])('released of a page with %s', (_, page, status) =>
    expect(pagesAfter([samplePage(page)], (draft) => releaseExpiredClaims(draft, NOW_MS))).toMatchObject([
      { status },
    ]),
  );
});

describe('of all pages', () => {
  const pages = (['page', 'reminder', 'notice'] as const).flatMap((kind) =>
    (['owed', 'waiting', 'sending', 'sent'] as const).map((status) =>
      samplePage({ kind, status, ...(status === 'waiting' ? { notBefore: minutesIn(4) } : {}) }),
    ),
  );
  const changedBy = (edit: (draft: Alert) => void) =>
    pagesAfter(structuredClone(pages), edit).flatMap(({ kind, status, notBefore, reason }, n) =>
      status === pages[n]!.status ? [] : [[kind, pages[n]!.status, status, notBefore, reason]],
    );

  it('an answer drops those to be sent and those that wait, never a notice', () =>
    expect(changedBy((draft) => dropActivePages(draft, NOW_MS, 'acknowledged'))).toEqual([
      ['page', 'owed', 'dropped', undefined, 'acknowledged'],
      ['page', 'waiting', 'dropped', minutesIn(4), 'acknowledged'],
      ['reminder', 'owed', 'dropped', undefined, 'acknowledged'],
      ['reminder', 'waiting', 'dropped', minutesIn(4), 'acknowledged'],
    ]));

  it('a withdrawn acknowledgement drops the reminders alone', () =>
    expect(changedBy((draft) => dropReminders(draft, NOW_MS))).toEqual([
      ['reminder', 'owed', 'dropped', undefined, 'it is no longer acknowledged'],
      ['reminder', 'waiting', 'dropped', minutesIn(4), 'it is no longer acknowledged'],
    ]));

  it('the end of a hold sends afresh those that wait', () =>
    expect(changedBy(releaseWaitingPages)).toEqual(
      ['page', 'reminder', 'notice'].map((kind) => [kind, 'waiting', 'owed', undefined, undefined]),
    ));
});

describe('what a page is for', () => {
  it.each<[string, Partial<Alert>, Partial<Page>, string | undefined]>([
    ['a page of a triggered alert', {}, {}, undefined],
    ['a page of an acknowledged one', acknowledged('ana', 0), {}, 'acknowledged'],
    ['a page of a resolved one', resolved('ana', 0), {}, 'resolved'],
    ['a page of a snoozed one', SNOOZED, {}, 'snoozed'],
    ['a page of a snoozed one, by hand', SNOOZED, { byHand: true }, undefined],
    ['a reminder of an acknowledged one', acknowledged('ana', 0), { kind: 'reminder' }, undefined],
    ['a reminder of a triggered one', {}, { kind: 'reminder' }, 'it is no longer acknowledged'],
    ['a reminder of a resolved one', resolved('ana', 0), { kind: 'reminder' }, 'resolved'],
    ['a notice of a resolved one', resolved('ana', 0), { kind: 'notice' }, undefined],
  ])('%s', (_, alert, page, moot) => expect(whyMoot(sampleAlert(alert), samplePage(page))).toBe(moot));

  it.each<[string, Partial<Alert>, Partial<Page>, boolean]>([
    ['nothing holds', {}, {}, false],
    ['a hold keeps back', SNOOZED, {}, true],
    ['a hold keeps back, a reminder', SNOOZED, { kind: 'reminder' }, true],
    ['a hand asked for', SNOOZED, { byHand: true }, false],
    ['no hold keeps back, a notice', SNOOZED, { kind: 'notice' }, false],
  ])('that %s', (_, alert, page, isBack) =>
    expect(isHeldBack(sampleAlert(alert), samplePage(page))).toBe(isBack),
  );
});
