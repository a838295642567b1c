import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToSeptets, septetsOf, toGsm7 } from '../../functions/paging/gsm7.ts';
import { renderBundleSms, renderSms } from '../../functions/paging/render-sms.ts';
import { toAscii } from '../../functions/paging/transliterate.ts';
import { acknowledged, minutesIn, OPENED_AT, resolved, sampleAlert, team } from '../support/sample-alert.ts';

const LINK = 'https://abcdefghij.execute-api.eu-west-1.amazonaws.com/a/0123456789abcdefghijkl';
const sample = { alert: sampleAlert(), kind: 'page', level: 1, link: LINK, operations: team } as const;
const titled = (title: string) => sampleAlert({ service: undefined, detail: { title } });

describe('toGsm7', () => {
  it.each([
    ['é ö ñ Ø Å', 'é ö ñ Ø Å'],
    ['€ {x} [y] ~', '€ {x} [y] ~'],
    ['łódź çà şı', 'lodz cà si'],
    ['“quoted” ‘so’ – and — so…', '"quoted" \'so\' - and - so...'],
    ['load ≥ 80 → page', 'load >= 80 -> page'],
    ['disk 🔥 full 👩‍💻', 'disk  full '],
    ['ﬁre ２ e\u0301', 'fire 2 é'],
    ['дом 東', '??? ?'],
    ['`x`', "'x'"],
  ])('%j becomes %j', (text, expected) => {
    expect(toGsm7(text)).toBe(expected);
  });

  it('gives for any text one that the alphabet holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(septetsOf(toGsm7(text))).not.toBeNaN();
        expect(toAscii(text)).toMatch(/^[ -~]*$/);
      }),
    );
  });
});

describe('septetsOf', () => {
  it('counts 2 for a character of the extension table', () => {
    expect(septetsOf('a€b')).toBe(4);
  });

  it('is NaN for what the alphabet does not hold', () => {
    expect(septetsOf('ł')).toBeNaN();
  });
});

describe('cutToSeptets', () => {
  it('leaves a text of exactly the room alone', () => {
    expect(cutToSeptets('abcde', 5)).toBe('abcde');
  });

  it('ends a longer one with two dots, inside the room', () => {
    expect(cutToSeptets('abc defgh', 6)).toBe('abc..');
    expect(cutToSeptets('{{{{', 5)).toBe('{..');
    expect(cutToSeptets('abc', 0)).toBe('');
  });
});

describe('renderSms', () => {
  it('says severity, what is broken, since when, and has the link on its own line', () => {
    expect(renderSms({ ...sample, nowMs: minutesIn(5) })).toBe(
      `CRITICAL checkout: orders-5xx-rate since 14:05Z\n${LINK}`,
    );
  });

  it('names the level from level 2 on', () => {
    expect(renderSms({ ...sample, level: 2, nowMs: minutesIn(15) })).toContain('CRITICAL L2 checkout');
  });

  it('gives the date from 12 hours and 1 ms on', () => {
    expect(renderSms({ ...sample, nowMs: minutesIn(12 * 60) })).toContain(' since 14:05Z\n');
    expect(renderSms({ ...sample, nowMs: minutesIn(12 * 60) + 1 })).toContain(' since 24 Nov 14:05Z\n');
  });

  it('says in a reminder that it was acknowledged and is not resolved', () => {
    const alert = sampleAlert(acknowledged('ana', 2));
    expect(renderSms({ ...sample, alert, kind: 'reminder', nowMs: minutesIn(62) })).toBe(
      `CRITICAL acknowledged, not resolved: checkout: orders-5xx-rate since 14:05Z\n${LINK}`,
    );
  });

  it('shortens a reminder’s words where a link of 110 characters leaves little room', () => {
    const alert = sampleAlert(acknowledged('ana', 2));
    const link = `https://${'x'.repeat(102)}`;
    expect(renderSms({ ...sample, alert, kind: 'reminder', link, nowMs: minutesIn(62) })).toBe(
      `CRITICAL acked, unresolved: checko.. since 14:05Z\n${link}`,
    );
  });

  it('says in a notice that it is resolved', () => {
    const alert = sampleAlert(resolved('ben', 25));
    expect(renderSms({ ...sample, alert, kind: 'notice', nowMs: minutesIn(25) })).toContain(
      'CRITICAL resolved: checkout: orders-5xx-rate since 14:05Z',
    );
  });

  it('cuts a long title and keeps its time', () => {
    const alert = titled(`orders ${'x'.repeat(300)}`);
    const text = renderSms({ ...sample, alert, nowMs: minutesIn(5) });
    expect(septetsOf(text)).toBe(160);
    expect(text).toMatch(/^CRITICAL orders x+\.\. since 14:05Z\nhttps/);
  });

  it('keeps a title with line breaks on one line', () => {
    const alert = titled('disk\r\nhttps://evil.example\u2028full\u0007\u202e');
    const text = renderSms({ ...sample, alert, nowMs: minutesIn(5) });
    expect(text.split('\n')).toEqual(['CRITICAL disk https://evil.example full since 14:05Z', LINK]);
  });

  it('holds 160 septets, the severity, the time and the link for any title, service, kind and link of up to 110', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.option(fc.string({ unit: 'grapheme', maxLength: 80 }), { nil: undefined }),
        fc.constantFrom('critical', 'warning', 'info'),
        fc.constantFrom('page', 'reminder', 'notice'),
        fc.integer({ min: 40, max: 110 }),
        fc.integer({ min: 0, max: 60 * 24 * 40 }),
        (title, service, severity, kind, linkLength, minutes) => {
          const link = `https://${'x'.repeat(linkLength - 8)}`;
          const alert = sampleAlert({ service, severity, detail: { title } });
          const text = renderSms({ ...sample, alert, kind, link, nowMs: minutesIn(minutes) });
          expect(septetsOf(text)).toBeLessThanOrEqual(160);
          expect(text.endsWith(`\n${link}`)).toBe(true);
          expect(text.startsWith(severity.toUpperCase())).toBe(true);
          expect(text).toMatch(/ since (24 Nov )?14:05Z\n/);
        },
      ),
    );
  });

  it('never splits a link, however long, and stays within 160 while the link does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 111, max: 400 }), (linkLength) => {
        const link = `https://${'x'.repeat(linkLength - 8)}`;
        const text = renderSms({ ...sample, link, nowMs: minutesIn(5) });
        expect(text.split('\n').at(-1)).toBe(link);
        expect(septetsOf(text)).toBeLessThanOrEqual(Math.max(160, linkLength));
      }),
    );
  });
});

describe('renderBundleSms', () => {
  const item = (id: string, service: string | undefined, openedMinutes = 0) => ({
    alert: sampleAlert({ id, service, openedAt: minutesIn(openedMinutes) }),
    kind: 'page' as const,
    level: 1,
  });
  const bundle = { responder: 'ana', link: LINK, nowMs: minutesIn(5), operations: team };

  it('counts 6 alerts in checkout and 2 in search, since the earliest', () => {
    const items = [
      ...Array.from({ length: 2 }, (_, i) => item(`s${i}`, 'search')),
      ...Array.from({ length: 6 }, (_, i) => item(`c${i}`, 'checkout', -i)),
    ];
    expect(renderBundleSms({ ...bundle, items })).toBe(
      `CRITICAL 6 alerts in checkout, 2 in search since 14:00Z\n${LINK}`,
    );
  });

  it('counts alerts without a service as other, or just as alerts', () => {
    expect(renderBundleSms({ ...bundle, items: [item('a', 'search'), item('b', undefined)] })).toContain(
      'CRITICAL 1 alert in search, 1 other since',
    );
    expect(renderBundleSms({ ...bundle, items: [item('a', undefined), item('b', undefined)] })).toContain(
      'CRITICAL 2 alerts since',
    );
  });

  it('counts an alert once that has a page and a reminder waiting', () => {
    const items = [item('a', 'search'), { ...item('a', 'search'), kind: 'reminder' as const }];
    expect(renderBundleSms({ ...bundle, items })).toContain('CRITICAL 1 alert in search since');
  });

  it('says when all of it are reminders', () => {
    const items = ['a', 'b'].map((id) => ({ ...item(id, 'search'), kind: 'reminder' as const }));
    expect(renderBundleSms({ ...bundle, items })).toContain(
      'CRITICAL acknowledged, not resolved: 2 alerts in search since',
    );
  });

  it('of a storm with 20 services keeps severity, number, the first of them and the link within 160', () => {
    const services = Array.from({ length: 20 }, (_, n) => ({ service: `service-${n}`, alerts: 400 - n }));
    const storm = { severity: 'critical' as const, alerts: 9_950, isMore: true, services };
    const text = renderBundleSms({ ...bundle, items: [item('a', 'service-0')], storm });
    expect(text).toMatch(/^CRITICAL STORM: 9,950\+ alerts: service-0 400, service-1 399.*\.\.\nhttps/);
    expect(septetsOf(text)).toBeLessThanOrEqual(160);
    expect(text.endsWith(LINK)).toBe(true);
  });

  it('holds 160 septets and the link for any 50 alerts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { minLength: 1, maxLength: 50 }),
        (services) => {
          const items = services.map((service, i) => item(String(i), service));
          const text = renderBundleSms({ ...bundle, items, nowMs: OPENED_AT });
          expect(septetsOf(text)).toBeLessThanOrEqual(160);
          expect(text.endsWith(` since 14:05Z\n${LINK}`)).toBe(true);
        },
      ),
    );
  });
});
