import { describe, expect, it } from 'vitest';
import type { Alert, Page } from '../../functions/alerts/alert.ts';
import { change, moveTo, note } from '../../functions/alerts/alert-draft.ts';
import { minutesIn, OPENED_AT, sampleAlert, samplePage, team } from '../support/sample-alert.ts';

const CLOSED: Partial<Alert> = { status: 'resolved', next: null, holds: {}, pages: [] };
const recovering = { recovering: { since: OPENED_AT, until: minutesIn(60) } };

/** The alert after a write that changes only this, at minute 1. */
const written = (before: Partial<Alert>, edit: (draft: Alert) => void = () => {}): Alert =>
  change(sampleAlert(before), minutesIn(1), team, edit).alert;

describe('change', () => {
  it('leaves the alert as it was, and raises the version of its copy by one', () => {
    const before = sampleAlert({ stuck: 'unreadable' });
    const { alert } = change(before, minutesIn(1), team, (draft) =>
      note(draft, minutesIn(1), 'alert.repeated'),
    );
    expect(before).toEqual(sampleAlert({ stuck: 'unreadable' }));
    expect([alert.version, alert.stuck]).toEqual([4, undefined]);
    expect(alert.timeline).toEqual([
      { openedAt: OPENED_AT, version: 4, n: 0, at: minutesIn(1), event: 'alert.repeated' },
    ]);
  });

  it('moves the alert in the lists only when its status changes', () => {
    const feedAt = OPENED_AT;
    expect(written({ feedAt }).feedAt).toBe(OPENED_AT);
    expect(written({ feedAt }, (draft) => moveTo(draft, 'acknowledged')).feedAt).toBe(minutesIn(1));
  });

  it('lets the clock run while the alert is triggered and not held, and stand still otherwise', () => {
    expect(written({}).clock).toEqual({ elapsedMs: 0, runningSince: OPENED_AT });
    const still = { elapsedMs: 60_000, runningSince: null };
    expect(written({ holds: recovering }).clock).toEqual(still);
    expect(written({ clock: still, holds: recovering }).clock).toEqual(still);
    expect(written({ clock: still }).clock).toEqual({ elapsedMs: 60_000, runningSince: minutesIn(1) });
  });

  it('keeps 20 pages: the oldest that are settled leave, one that is still to be sent never', () => {
    const pages = Array.from({ length: 24 }, (_, n) =>
      samplePage({ id: String(n), status: n === 1 ? 'owed' : 'sent' }),
    );
    const kept = written({ pages, holds: recovering }).pages.map(({ id }) => Number(id));
    expect(kept).toEqual([1, ...Array.from({ length: 19 }, (_, n) => n + 5)]);
  });

  it('keeps all of 20 pages', () => {
    const pages = Array.from({ length: 20 }, (_, n) => samplePage({ id: String(n) }));
    expect(written({ pages }).pages).toHaveLength(20);
  });
});

describe('the next moment of an alert', () => {
  const dueWith = (page: Partial<Page>, more: Partial<Alert> = {}) =>
    written({ pages: [samplePage(page)], next: null, ...more }).dueAt;

  it.each<[string, Partial<Page>, Partial<Alert>, number | undefined]>([
    ['a claim’s end', { status: 'sending', claim: { version: 3, until: minutesIn(7) } }, {}, minutesIn(7)],
    ['that of a page without its claim: at once', { status: 'sending' }, {}, OPENED_AT],
    [
      'when the line may have forgotten a page',
      { status: 'waiting', notBefore: minutesIn(9) },
      {},
      minutesIn(9),
    ],
    ['when a page is tried again', { status: 'owed', notBefore: minutesIn(4) }, {}, minutesIn(4)],
    ['a page that is owed: at once', { status: 'owed' }, {}, OPENED_AT],
    ['the end of the hold that keeps a page back', { status: 'owed' }, { holds: recovering }, minutesIn(60)],
    ['a page by hand, held or not', { status: 'owed', byHand: true }, { holds: recovering }, OPENED_AT],
    [
      'a notice of the life before, held or not',
      { status: 'owed', kind: 'notice' },
      { holds: recovering },
      OPENED_AT,
    ],
    ['nothing for a page that is sent', { status: 'sent' }, {}, undefined],
  ])('is %s', (_, page, more, expected) => expect(dueWith(page, more)).toBe(expected));

  it('is the earliest of several', () =>
    expect(
      written({
        next: { step: 1, atMs: 15 * 60_000 },
        pages: [
          samplePage({ status: 'owed', notBefore: minutesIn(4) }),
          samplePage({ status: 'waiting', notBefore: minutesIn(9) }),
        ],
      }).dueAt,
    ).toBe(minutesIn(4)));

  it('is the level’s own, less what the clock has run', () =>
    expect(written({ clock: { elapsedMs: 600_000, runningSince: minutesIn(1) } }).dueAt).toBe(minutesIn(6)));

  it('of a life that has ended is 30 s after it, until it is copied out', () => {
    const resolution = { by: 'ana', at: minutesIn(1), reason: 'resolved by hand' };
    expect(written({ ...CLOSED, resolution }).dueAt).toBe(minutesIn(1.5));
    expect(written({ ...CLOSED, resolution, endedCopied: true }).dueAt).toBeUndefined();
  });

  it('of a life that has ended and does not say when is long over', () =>
    expect(written({ ...CLOSED }).dueAt).toBe(30_000));

  it('of what remembers an OK alone is never', () =>
    expect(written({ ...CLOSED, openedAt: 0 }).dueAt).toBeUndefined());

  it('of a resolved alert is not that of an acknowledgement that it had', () => {
    const at = { firstBy: 'ana', firstAt: OPENED_AT, by: 'ana', at: OPENED_AT };
    const acknowledgement = { ...at, remindAt: minutesIn(60), forgottenAt: minutesIn(75) };
    expect(written({ ...CLOSED, endedCopied: true, acknowledgement }).dueAt).toBeUndefined();
    expect(written({ status: 'acknowledged', acknowledgement }).dueAt).toBe(minutesIn(60));
  });
});

describe('moveTo', () => {
  it('refuses to open a resolved alert again', () =>
    expect(() => moveTo(sampleAlert({ status: 'resolved' }), 'triggered')).toThrow(
      /no transition from resolved to triggered/,
    ));
});
