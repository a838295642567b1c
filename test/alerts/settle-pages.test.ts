import { describe, expect, it } from 'vitest';
import type { Alert, Page } from '../../functions/alerts/alert.ts';
import { type Copied, type Outcome, settlePages } from '../../functions/alerts/settle-pages.ts';
import {
  acknowledged,
  minutesIn,
  OPENED_AT,
  resolved,
  sampleAlert,
  sampleEntry,
  samplePage,
  team,
} from '../support/sample-alert.ts';

const NOW_MS = minutesIn(1);
const MUTED: Partial<Alert> = { holds: { muted: { since: OPENED_AT, checkAt: minutesIn(5), by: 'a rule' } } };

/** A page that is on its way. */
const sending = (more: Partial<Page> = {}) =>
  samplePage({ status: 'sending', claim: { version: 3, until: minutesIn(2) }, ...more });

const failedAs = (kind: 'failed' | 'undeliverable' | 'undelivered', page = '1'): Outcome => ({
  page,
  kind,
  reason: 'the phone has opted out',
});

/** The alert after a settlement at minute 1. */
function settled(before: Partial<Alert>, outcomes: Outcome[], copied: Copied = {}): Alert {
  const decision = settlePages(sampleAlert(before), outcomes, copied, NOW_MS, team);
  if (decision.kind === 'unchanged') throw new Error(decision.reason);
  return decision.alert;
}

/** `page 1: sent`, of each page: its id and status. */
const statusesOf = ({ pages }: Alert) => pages.map(({ id, status }) => `page ${id}: ${status}`);

/** `page level 1 ana sms by hand`, of each page that is on its way. */
const onTheirWay = ({ pages }: Alert) =>
  pages
    .filter(({ status }) => status === 'sending')
    .map(({ kind, level, responder, channel, byHand }) =>
      [kind, 'level', level, responder, channel, ...(byHand ? ['by hand'] : [])].join(' '),
    );

/** What the settlement added to the timeline. */
const notedIn = ({ timeline, version }: Alert) => timeline.filter((entry) => entry.version === version);

describe('a settlement', () => {
  const timeline = [1, 2, 3].map((version) => sampleEntry(0, 'alert.repeated', { version }));
  const versionsOf = (alert: Alert) => alert.timeline.map(({ version }) => version);

  it('takes out the entries that are copied, and no others', () => {
    expect(versionsOf(settled({ timeline }, [], { timelineVersion: 2 }))).toEqual([3]);
    expect(versionsOf(settled({ timeline }, []))).toEqual([1, 2, 3]);
  });

  it.each<[string, Partial<Alert>, number | undefined, true | undefined]>([
    ['the resolved life that was copied', resolved('ana', 0), OPENED_AT, true],
    ['an earlier life that was copied', resolved('ana', 0), OPENED_AT - 1, undefined],
    ['no life copied', resolved('ana', 0), undefined, undefined],
    ['a life that is still open', {}, OPENED_AT, undefined],
  ])('knows of %s', (_, before, endedOpenedAt, endedCopied) =>
    expect(settled(before, [], endedOpenedAt === undefined ? {} : { endedOpenedAt }).endedCopied).toBe(
      endedCopied,
    ),
  );
});

describe('an outcome', () => {
  it('of a page that is not there changes none', () =>
    expect(statusesOf(settled({}, [{ page: '99', kind: 'sent', at: NOW_MS }]))).toEqual([
      'page 1: sent',
      'page 2: sent',
    ]));

  it('of a page that has been dropped meanwhile counts only when it was sent', () => {
    const pages = [samplePage({ status: 'dropped' })];
    expect(statusesOf(settled({ pages }, [failedAs('failed')]))).toEqual(['page 1: dropped']);
    expect(statusesOf(settled({ pages }, [{ page: '1', kind: 'sent', at: NOW_MS }]))).toEqual([
      'page 1: sent',
    ]);
  });

  it('sent of a higher level raises the level of who was paged before, and a lower one does not lower it', () => {
    const levelAfter = (known: number, level: number) =>
      settled({ paged: [{ responder: 'ana', level: known }], pages: [sending({ level })] }, [
        { page: '1', kind: 'sent', at: NOW_MS },
      ]).paged;
    expect(levelAfter(1, 2)).toEqual([{ responder: 'ana', level: 2 }]);
    expect(levelAfter(2, 1)).toEqual([{ responder: 'ana', level: 2 }]);
  });

  it('sent after the alert resolved owes a notice to that person alone: the others have had theirs', () => {
    const paged = [
      { responder: 'ana', level: 1 },
      { responder: 'cleo', level: 2 },
    ];
    const alert = settled(
      { ...resolved('ana', 0), paged, pages: [sending({ responder: 'ben', level: 2 })] },
      [{ page: '1', kind: 'sent', at: NOW_MS }],
    );
    expect(onTheirWay(alert)).toEqual(['notice level 2 ben email']);
  });
});

describe('a page that waits for its slot', () => {
  const waits = (page: Partial<Page>, attempt = 1) =>
    settled({ pages: [sending(page)] }, [{ page: '1', kind: 'waiting', attempt }]);

  it('is due again after 10 minutes, and that is told', () => {
    const alert = waits({});
    expect(alert.pages[0]).toMatchObject({ status: 'waiting', notBefore: minutesIn(11) });
    expect(notedIn(alert)).toMatchObject([{ event: 'page.held', page: '1', reason: 'waiting-for-slot' }]);
  });

  it.each<[string, Partial<Page>, Partial<Page>]>([
    [
      'waits already',
      { status: 'waiting', notBefore: minutesIn(4) },
      { status: 'waiting', notBefore: minutesIn(4) },
    ],
    ['has begun another attempt', { attempt: 2 }, { status: 'sending', attempt: 2, claim: sending().claim! }],
  ])('that %s stays as it is: this news is late', (_, before, after) => {
    const alert = waits(before);
    expect(alert.pages[0]).toMatchObject(after);
    expect(notedIn(alert)).toEqual([]);
  });

  it('is not told of a notice, which wakes nobody', () =>
    expect(notedIn(waits({ kind: 'notice' }))).toEqual([]));
});

describe('a page that left its line unsent', () => {
  const unsent = (before: Partial<Alert>) =>
    settled({ pages: [samplePage({ status: 'waiting' })], ...before }, [{ page: '1', kind: 'unsent' }]);

  it('of a held alert is owed until the hold ends, and that is told', () => {
    const alert = unsent(MUTED);
    expect(statusesOf(alert)).toEqual(['page 1: owed']);
    expect(notedIn(alert)).toMatchObject([
      { event: 'page.held', page: '1', responder: 'ana', reason: 'muted' },
    ]);
  });

  it('of one that is not held is on its way again, and that is no news', () => {
    const alert = unsent({});
    expect(onTheirWay(alert)).toEqual(['page level 1 ana sms']);
    expect(notedIn(alert)).toEqual([]);
  });
});

describe('a page that is undeliverable', () => {
  /** Page 1 turns out undeliverable, the others are as they are. */
  const givenUp = (first: Partial<Page>, others: Partial<Page>[] = [], before: Partial<Alert> = {}) =>
    settled(
      {
        pages: [sending(first), ...others.map((page, n) => samplePage({ id: String(n + 2), ...page }))],
        pageCount: 1 + others.length,
        ...before,
      },
      [failedAs('undeliverable')],
    );

  it('of the watchers is tried again: they are the last resort', () =>
    expect(givenUp({ responder: 'watchers', channel: 'topic', refusals: 40 }).pages).toMatchObject([
      { status: 'owed', notBefore: NOW_MS + 5_000 },
    ]));

  const BEN_SMS = { responder: 'ben', level: 2 } as const;
  const CLEO_EMAIL = { responder: 'cleo', level: 2, channel: 'email' } as const;

  it.each<[string, Partial<Page>, Partial<Page>[], string[]]>([
    ['the same person by email', {}, [], ['page level 1 ana email']],
    [
      'the same person by email, where only a notice of the life before went there',
      {},
      [{ kind: 'notice', channel: 'email' }],
      ['page level 1 ana email'],
    ],
    [
      'the same person by email, where only a page of another level went there',
      BEN_SMS,
      [{ ...BEN_SMS, level: 1, channel: 'email' }],
      ['page level 2 ben email'],
    ],
    [
      'the same person by email, where only a colleague has had one',
      BEN_SMS,
      [CLEO_EMAIL],
      ['page level 2 ben email'],
    ],
    [
      'a colleague of the level who was not tried',
      BEN_SMS,
      [{ ...BEN_SMS, channel: 'email', status: 'undeliverable' }],
      ['page level 2 cleo email'],
    ],
    [
      'the next level, when all of its own is undeliverable',
      {},
      [{ channel: 'email', status: 'undeliverable' }],
      ['page level 2 ben sms', 'page level 2 ben email', 'page level 2 cleo email'],
    ],
    ['nobody, when another page of the level was sent', {}, [{ channel: 'email' }], []],
    ['nobody, of a notice', { kind: 'notice' }, [], []],
  ])('goes to %s', (_, first, others, then) => expect(onTheirWay(givenUp(first, others))).toEqual(then));

  it('goes to nobody above once somebody has acknowledged', () => {
    const byEmail = { channel: 'email', status: 'undeliverable' } as const;
    expect(onTheirWay(givenUp({}, [byEmail], acknowledged('ben', 0)))).toEqual([]);
  });

  it.each<[string, Partial<Page>[], string[]]>([
    ['the same person by email', [], ['reminder level 2 ben email']],
    ['nobody else, who has acknowledged nothing', [{ channel: 'email', status: 'undeliverable' }], []],
  ])('goes as a reminder to %s', (_, others, then) => {
    const reminder = { ...BEN_SMS, kind: 'reminder' } as const;
    const alert = givenUp(
      reminder,
      others.map((page) => ({ ...reminder, ...page })),
      acknowledged('ben', 0),
    );
    expect(onTheirWay(alert)).toEqual(then);
    expect(alert.status).toBe('acknowledged');
  });

  it('and was asked for by a hand is replaced under the hold, and so is its level', () => {
    expect(onTheirWay(givenUp({ byHand: true }, [], MUTED))).toEqual(['page level 1 ana email by hand']);
    const alert = givenUp({ byHand: true }, [{ channel: 'email', status: 'undeliverable' }], MUTED);
    expect(onTheirWay(alert)).toEqual([
      'page level 2 ben sms by hand',
      'page level 2 ben email by hand',
      'page level 2 cleo email by hand',
    ]);
    expect(notedIn(alert)).toContainEqual(
      expect.objectContaining({
        event: 'alert.escalated',
        level: 2,
        by: 'clock',
        reason: 'nobody on level 1 can be reached',
      }),
    );
  });
});

describe('a report that a page did not arrive', () => {
  it.each(['undeliverable', 'dropped'] as const)('of one that is %s already says nothing new', (status) => {
    const alert = settled({ pages: [samplePage({ status })] }, [failedAs('undelivered')]);
    expect(statusesOf(alert)).toEqual([`page 1: ${status}`]);
    expect(notedIn(alert)).toEqual([]);
  });

  /** Page 1 has left the item: the level is that of who was paged, or, of somebody else, the highest. */
  const ofForgotten = (more: Partial<Extract<Outcome, { kind: 'undelivered' }>>) =>
    settled(
      {
        highestPagedLevel: 2,
        paged: [
          { responder: 'cleo', level: 2 },
          { responder: 'ana', level: 1 },
        ],
        pages: [],
      },
      [{ page: '1', kind: 'undelivered', reason: 'the phone has opted out', ...more }],
    );
  const anaSms = { responder: 'ana', channel: 'sms' } as const;

  it.each<[string, Parameters<typeof ofForgotten>[0], string[]]>([
    ['that has left the item', { contact: anaSms }, ['page level 1 ana email']],
    [
      'of this life that has left the item',
      { contact: anaSms, openedAt: OPENED_AT },
      ['page level 1 ana email'],
    ],
    [
      'to somebody not known as paged',
      { contact: { ...anaSms, responder: 'ben' } },
      ['page level 2 ben email'],
    ],
    ['of an earlier life', { contact: anaSms, openedAt: OPENED_AT - 1 }, []],
    ['to nobody knows whom', {}, []],
  ])('of a page %s', (_, more, then) => {
    const alert = ofForgotten(more);
    expect(onTheirWay(alert)).toEqual(then);
    const told = notedIn(alert).map(({ event, page }) => [event, page]);
    expect(told).toEqual(then.map(() => ['page.undeliverable', '1']));
  });
});
