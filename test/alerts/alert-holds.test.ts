import { describe, expect, it } from 'vitest';
import type { Alert, Page } from '../../functions/alerts/alert.ts';
import { goOn } from '../../functions/alerts/alert-holds.ts';
import { minutesIn, OPENED_AT, sampleAlert, samplePage, team } from '../support/sample-alert.ts';

const NOW_MS = minutesIn(1);
const MUTED: Alert['holds'] = { muted: { since: OPENED_AT, checkAt: minutesIn(5), by: 'a rule' } };
const RECOVERING: Alert['holds'] = { recovering: { since: OPENED_AT, until: minutesIn(5) } };

/** The page as it goes on at minute 1, when the alert was held so before and is not any more. */
function pageAfter(holds: Alert['holds'], page: Partial<Page>): Page {
  const draft = sampleAlert({ pages: [samplePage(page)] });
  goOn(sampleAlert({ holds }), draft, NOW_MS, team);
  return draft.pages[0]!;
}

describe('a page at the end of a hold', () => {
  const waiting: Partial<Page> = { status: 'waiting', notBefore: minutesIn(4) };

  it('that waits for its slot is sent afresh', () =>
    expect(pageAfter(MUTED, waiting)).toEqual(samplePage({ status: 'owed', after: 'muted' })));

  it('waits on when no hold has ended', () => expect(pageAfter({}, waiting)).toEqual(samplePage(waiting)));

  it.each<[string, Alert['holds'], Partial<Page>, Page['after']]>([
    ['that is owed bears its mark', MUTED, { status: 'owed' }, 'muted'],
    ['bears none where no hold has ended', {}, { status: 'owed' }, undefined],
    ['bears none of a recovery', RECOVERING, { status: 'owed' }, undefined],
    ['that a hand asked for bears none', MUTED, { status: 'owed', byHand: true }, undefined],
    ['that is on its way bears none', MUTED, { status: 'sending' }, undefined],
    ['bears none as a notice', MUTED, { status: 'owed', kind: 'notice' }, undefined],
    ['bears none as a reminder', MUTED, { status: 'owed', kind: 'reminder' }, undefined],
  ])('%s', (_, holds, page, mark) => expect(pageAfter(holds, page).after).toBe(mark));
});
