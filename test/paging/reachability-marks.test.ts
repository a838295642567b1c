import { describe, expect, it } from 'vitest';
import { CALM, operationsNow, type Situation } from '../../functions/holds/situation.ts';
import { CAUSES, judgeContacts } from '../../functions/paging/reachability.ts';
import {
  markAudited,
  markReported,
  REPORT_BELIEVED_MS,
  withReports,
} from '../../functions/paging/reachability-marks.ts';
import { calm, DENIED } from '../support/account-readings.ts';
import { fourLevels } from '../support/teams.ts';

const NOON = Date.parse('2026-11-24T12:00:00Z');
const MINUTE_MS = 60_000;
const OPTED_OUT = CAUSES['opted-out'].reason;

const audited = (changes = {}) => judgeContacts(fourLevels, calm(fourLevels, changes));
const anaOptedOut = audited({
  optedOut: { ana: { value: true }, ben: { value: false }, cleo: { value: false }, dan: { value: false } },
});
const marksOf = (situation: Situation | undefined) =>
  situation?.unreachable.map(({ responder, channel, reason, since, until }) => ({
    responder,
    channel,
    reason,
    since,
    until,
  }));

describe('markAudited', () => {
  it('marks 1 of 8 contacts since now, and the procedures know it at once', () => {
    const after = markAudited(CALM, anaOptedOut, NOON)!;
    expect(marksOf(after)).toEqual([
      { responder: 'ana', channel: 'sms', reason: OPTED_OUT, since: NOON, until: undefined },
    ]);
    const { responders } = operationsNow(fourLevels, after, NOON);
    expect(responders.ana?.unreachable).toEqual({ sms: OPTED_OUT });
    expect(responders.ben?.unreachable).toBeUndefined();
  });

  it('writes nothing when nothing has changed, also 5 minutes later', () => {
    expect(markAudited(CALM, audited(), NOON)).toBeUndefined();
    const marked = markAudited(CALM, anaOptedOut, NOON)!;
    expect(markAudited(marked, anaOptedOut, NOON + 5 * MINUTE_MS)).toBeUndefined();
  });

  it('unmarks who is reachable again, and whom operations.ts no longer has', () => {
    const marked = markAudited(CALM, anaOptedOut, NOON)!;
    expect(marksOf(markAudited(marked, audited(), NOON + MINUTE_MS))).toEqual([]);
    const withoutAna = audited().filter(({ responder }) => responder !== 'ana');
    expect(marksOf(markAudited(marked, withoutAna, NOON + MINUTE_MS))).toEqual([]);
  });

  it('keeps a mark while AWS does not answer whether its reason still holds', () => {
    const marked = markAudited(CALM, anaOptedOut, NOON)!;
    expect(markAudited(marked, audited({ optedOut: {} }), NOON + MINUTE_MS)).toBeUndefined();
  });

  it('ends a mark whose reason no longer holds, although another question has no answer', () => {
    const marked = markAudited(CALM, anaOptedOut, NOON)!;
    expect(marksOf(markAudited(marked, audited({ sandbox: DENIED }), NOON + MINUTE_MS))).toEqual([]);
  });

  it('keeps the mark of a delivery report for 60 minutes, although the account looks well', () => {
    const reported = markReported(
      CALM,
      { responder: 'ana', channel: 'sms' },
      { reason: 'blocked', sentAt: NOON },
      NOON,
    )!;
    expect(markAudited(reported, audited(), NOON + REPORT_BELIEVED_MS - 1)).toBeUndefined();
    expect(marksOf(markAudited(reported, audited(), NOON + REPORT_BELIEVED_MS))).toEqual([]);
  });

  it('takes over the mark of a delivery report when the account knows the reason, with its since', () => {
    const reported = markReported(
      CALM,
      { responder: 'ana', channel: 'sms' },
      { reason: 'opted out', sentAt: NOON },
      NOON,
    )!;
    expect(marksOf(markAudited(reported, anaOptedOut, NOON + MINUTE_MS))).toEqual([
      { responder: 'ana', channel: 'sms', reason: OPTED_OUT, since: NOON, until: undefined },
    ]);
  });
});

describe('markReported', () => {
  const ana = { responder: 'ana', channel: 'sms' } as const;
  const report = { reason: 'blocked', sentAt: NOON };

  it('begins the 60 minutes anew with each report, and keeps since when', () => {
    const first = markReported(CALM, ana, { reason: 'blocked', sentAt: NOON }, NOON)!;
    const second = markReported(
      first,
      ana,
      { reason: 'blocked', sentAt: NOON + 10 * MINUTE_MS },
      NOON + 10 * MINUTE_MS,
    )!;
    expect(marksOf(second)).toEqual([
      { ...ana, reason: 'blocked', since: NOON, until: NOON + 10 * MINUTE_MS + REPORT_BELIEVED_MS },
    ]);
  });

  it('keeps the marks of others, and of the same person’s other channel', () => {
    const ben = markReported(
      CALM,
      { responder: 'ben', channel: 'sms' },
      { reason: 'blocked', sentAt: NOON },
      NOON,
    )!;
    const email = markReported(
      ben,
      { responder: 'ana', channel: 'email' },
      { reason: 'bounced', sentAt: NOON },
      NOON,
    )!;
    const all = markReported(
      email,
      { responder: 'ana', channel: 'sms' },
      { reason: 'blocked', sentAt: NOON },
      NOON,
    );
    const names = marksOf(all)?.map(({ responder, channel }) => `${responder} ${channel}`);
    expect(names).toEqual(['ben sms', 'ana email', 'ana sms']);
  });

  it('counts from when the message was sent, however late its report is taken', () => {
    const late = markReported(CALM, ana, report, NOON + 59 * MINUTE_MS)!;
    expect(marksOf(late)).toMatchObject([{ since: NOON + 59 * MINUTE_MS, until: NOON + REPORT_BELIEVED_MS }]);
    expect(markReported(CALM, ana, report, NOON + REPORT_BELIEVED_MS)).toBeUndefined();
  });

  it('taken twice marks once', () => {
    const once = markReported(CALM, ana, report, NOON + MINUTE_MS)!;
    expect(markReported(once, ana, report, NOON + 30 * MINUTE_MS)).toBeUndefined();
  });

  it('leaves the mark of the audit alone: that one lasts longer', () => {
    const marked = markAudited(CALM, anaOptedOut, NOON)!;
    expect(
      markReported(marked, { responder: 'ana', channel: 'sms' }, { reason: 'blocked', sentAt: NOON }, NOON),
    ).toBeUndefined();
  });
});

describe('withReports', () => {
  it('has a reachable contact unreachable while a report is believed, and no longer', () => {
    const reported = markReported(
      CALM,
      { responder: 'ana', channel: 'sms' },
      { reason: 'blocked', sentAt: NOON },
      NOON,
    )!;
    const stateAt = (atMs: number) => withReports(audited(), reported, atMs)[0]?.state;
    expect([stateAt(NOON), stateAt(NOON + REPORT_BELIEVED_MS)]).toEqual(['unreachable', 'reachable']);
  });

  it('says what is to be done, of the one contact that the report was of', () => {
    const reported = markReported(
      CALM,
      { responder: 'ana', channel: 'sms' },
      { reason: 'blocked', sentAt: NOON },
      NOON,
    )!;
    const contacts = audited();
    const [first, ...others] = withReports(contacts, reported, NOON);
    expect(first).toEqual({
      responder: 'ana',
      channel: 'sms',
      state: 'unreachable',
      reason: 'blocked',
      advice: expect.stringContaining('tocsin contacts verify ana'),
      since: NOON,
    });
    expect(others).toEqual(contacts.slice(1));
  });

  it('leaves to the account what it knows to be unreachable by itself', () => {
    const reported = markReported(
      CALM,
      { responder: 'ana', channel: 'sms' },
      { reason: 'blocked', sentAt: NOON },
      NOON,
    )!;
    expect(withReports(anaOptedOut, reported, NOON)).toEqual(anaOptedOut);
  });

  it('makes nothing of the audit’s own mark', () => {
    const marked = markAudited(CALM, anaOptedOut, NOON)!;
    expect(withReports(audited(), marked, NOON)).toEqual(audited());
  });
});
