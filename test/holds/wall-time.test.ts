import { describe, expect, it } from 'vitest';
import { dayOf, momentOf } from '../../functions/holds/wall-time.ts';

/** `2026-03-29 02:30` in a zone, as UTC. */
function utc(zone: string, text: string): string {
  const [year, month, day, hour, minute] = text.split(/[- :]/).map(Number);
  const at = momentOf(zone, { year: year!, month: month!, day: day!, hour: hour!, minute: minute! });
  return new Date(at).toISOString().slice(0, 16);
}

describe('momentOf', () => {
  it.each([
    ['UTC', '2026-03-29 02:30', '2026-03-29T02:30'],
    ['Europe/Berlin', '2026-01-15 02:00', '2026-01-15T01:00'],
    ['Europe/Berlin', '2026-07-15 02:00', '2026-07-15T00:00'],
    ['America/New_York', '2026-01-15 02:00', '2026-01-15T07:00'],
    ['Australia/Lord_Howe', '2026-01-15 02:00', '2026-01-14T15:00'],
    ['Asia/Kathmandu', '2026-01-15 00:00', '2026-01-14T18:15'],
  ])('%s: %s is %sZ', (zone, local, expected) => expect(utc(zone, local)).toBe(expected));

  it.each([
    // Berlin goes from 02:00 to 03:00 at 01:00Z.
    ['Europe/Berlin', '2026-03-29 01:59', '2026-03-29T00:59'],
    ['Europe/Berlin', '2026-03-29 02:00', '2026-03-29T01:00'],
    ['Europe/Berlin', '2026-03-29 02:30', '2026-03-29T01:00'],
    ['Europe/Berlin', '2026-03-29 02:59', '2026-03-29T01:00'],
    ['Europe/Berlin', '2026-03-29 03:00', '2026-03-29T01:00'],
    ['Europe/Berlin', '2026-03-29 03:01', '2026-03-29T01:01'],
    // New York goes from 02:00 to 03:00 at 07:00Z.
    ['America/New_York', '2026-03-08 01:59', '2026-03-08T06:59'],
    ['America/New_York', '2026-03-08 02:30', '2026-03-08T07:00'],
    ['America/New_York', '2026-03-08 03:00', '2026-03-08T07:00'],
    // Lord Howe goes from 02:00 to 02:30 at 15:30Z the day before.
    ['Australia/Lord_Howe', '2026-10-04 01:59', '2026-10-03T15:29'],
    ['Australia/Lord_Howe', '2026-10-04 02:10', '2026-10-03T15:30'],
    ['Australia/Lord_Howe', '2026-10-04 02:30', '2026-10-03T15:30'],
    ['Australia/Lord_Howe', '2026-10-04 02:31', '2026-10-03T15:31'],
  ])('%s: %s, where a clock is put forward, is %sZ', (zone, local, expected) =>
    expect(utc(zone, local)).toBe(expected),
  );

  it.each([
    // Berlin goes from 03:00 back to 02:00 at 01:00Z.
    ['Europe/Berlin', '2026-10-25 01:59', '2026-10-24T23:59'],
    ['Europe/Berlin', '2026-10-25 02:00', '2026-10-25T00:00'],
    ['Europe/Berlin', '2026-10-25 02:30', '2026-10-25T00:30'],
    ['Europe/Berlin', '2026-10-25 03:00', '2026-10-25T02:00'],
    // New York goes from 02:00 back to 01:00 at 06:00Z.
    ['America/New_York', '2026-11-01 01:30', '2026-11-01T05:30'],
    ['America/New_York', '2026-11-01 02:00', '2026-11-01T07:00'],
    // Lord Howe goes from 02:00 back to 01:30 at 15:00Z the day before.
    ['Australia/Lord_Howe', '2026-04-05 01:29', '2026-04-04T14:29'],
    ['Australia/Lord_Howe', '2026-04-05 01:45', '2026-04-04T14:45'],
    ['Australia/Lord_Howe', '2026-04-05 02:00', '2026-04-04T15:30'],
  ])('%s: %s, where a clock is put back, is %sZ: of a repeated time the first', (zone, local, expected) =>
    expect(utc(zone, local)).toBe(expected),
  );

  it('takes the 32nd of December as the 1st of January', () =>
    expect(utc('Europe/Berlin', '2026-12-32 00:00')).toBe('2026-12-31T23:00'));

  it('shows every existing minute of 2026 as it was asked for: each 7 minutes around the changes of three zones', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe']) {
      const shown = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'short',
      });
      for (const day of [
        '2026-03-08',
        '2026-03-29',
        '2026-04-04',
        '2026-10-03',
        '2026-10-25',
        '2026-11-01',
      ]) {
        for (let at = Date.parse(`${day}T00:00Z`), n = 0; n < 300; n++, at += 7 * 60_000) {
          const text = shown.format(at);
          const moment = Date.parse(`${utc(zone, text)}Z`);
          expect(shown.format(moment)).toBe(text);
          // The first of a repeated time is an hour, or on Lord Howe half of one, before the second.
          expect([0, 30 * 60_000, 60 * 60_000]).toContain(at - moment);
        }
      }
    }
  });
});

describe('dayOf', () => {
  it('is Monday in Auckland while it is Sunday in UTC', () =>
    expect(dayOf('Pacific/Auckland', Date.parse('2026-03-01T12:00:00Z'))).toEqual({
      year: 2026,
      month: 3,
      day: 2,
      weekday: 1,
    }));
});
