import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../functions/alerts/alert.ts';
import {
  answerPageHeaders,
  renderAlertPage,
  renderBundlePage,
  renderRefusal,
  renderStormPage,
} from '../../functions/console/answer-page.ts';
import { html } from '../../functions/console/html.ts';
import { COLOURS, TONES } from '../../functions/console/page-style.ts';
import {
  acknowledged,
  minutesIn,
  resolved,
  sampleAlert,
  sampleEntry,
  team,
} from '../support/sample-alert.ts';

const TOKEN = '0123456789abcdefghijkl';
const sample = { viewer: 'ana', token: TOKEN, nowMs: minutesIn(5), operations: team, timeline: [] };
const pageOf = (changes: Partial<Alert> = {}) => renderAlertPage({ ...sample, alert: sampleAlert(changes) });
const recovering = { holds: { recovering: { since: minutesIn(3), until: minutesIn(8) } } };

/** What can be pressed: the values of the page's buttons, in order. */
function actionsOf(page: string): string[] {
  return [...page.matchAll(/<button [^>]*name="action" value="([^"]*)"/g)].map(([, value]) => value!);
}

describe('html', () => {
  it('escapes texts, joins lists, leaves its own markup alone and nothing out of nothing', () => {
    const items = ['<a>', html`<b>${'&'}</b>`];
    expect(html`<p title="${'"\''}">${items}${undefined}${false}${0}</p>`.text).toBe(
      '<p title="&#34;&#39;">&#60;a&#62;<b>&#38;</b>0</p>',
    );
  });

  it('takes no object of a sender for markup', () => {
    const forged = JSON.parse('{"text":"<script>"}');
    expect(() => html`${forged}`).toThrow();
  });
});

describe('renderAlertPage', () => {
  it.each([
    ['triggered', {}, ['acknowledge', 'escalate', 'resolve']],
    ['recovering', recovering, ['acknowledge', 'escalate', 'resolve']],
    ['acknowledged', acknowledged('ben', 2), ['acknowledge', 'escalate', 'resolve']],
    ['info', { severity: 'info' }, ['acknowledge', 'resolve']],
    ['resolved', resolved('ben', 3), []],
  ] as const)('of a %s alert has the buttons of its state', (_, changes, actions) => {
    expect(actionsOf(pageOf(changes))).toEqual(actions);
  });

  it('acknowledges at one press, and says what escalating and resolving do before they do it', () => {
    const page = pageOf();
    expect(page).toContain('value="acknowledge">Acknowledge</button>');
    expect(page).toMatch(
      /<details>\n<summary class="big">Escalate<\/summary>\n<div class="sure"><form[^>]*><p>Pages level 2 \(Ben and Cleo\) now\./,
    );
    expect(page).toContain('The alarm still fires. Ends the alert and tells everybody who was paged.');
  });

  it('posts to its own link, and asks for nothing by GET', () => {
    const forms = pageOf().match(/<form[^>]*>/g);
    expect(forms).toHaveLength(4);
    expect(new Set(forms)).toEqual(new Set([`<form method="post" action="/a/${TOKEN}">`]));
  });

  it('snoozes for 1, 4, 8 or 24 hours, with a reason of at most 250 characters', () => {
    const [form] = pageOf().match(/<form[^>]*><p>Nobody is paged until the snooze ends[\s\S]*?<\/form>/)!;
    expect(form).toContain('<input type="hidden" name="action" value="snooze">');
    expect(form).toMatch(/name="reason" maxlength="250"/);
    expect(
      [...form.matchAll(/name="minutes" value="(\d+)">([^<]*)</g)].map(([, n, text]) => [n, text]),
    ).toEqual([
      ['60', '1 h'],
      ['240', '4 h'],
      ['480', '8 h'],
      ['1440', '24 h'],
    ]);
  });

  it('says what is broken, since when, why, and who is next', () => {
    const page = pageOf();
    for (const text of [
      '<h1>checkout: orders-5xx-rate</h1>',
      '<b>critical</b> Triggered',
      '<time datetime="2026-11-24T14:05:00.000Z" title="24 Nov 2026 14:05Z">14:05Z</time>, 5 min ago',
      'Level 2 (Ben and Cleo) is paged at 14:20Z unless somebody acknowledges.',
      'Threshold Crossed: 3 out of the last 5 datapoints',
      'AWS/ApplicationELB HTTPCode_Target_5XX_Count Sum',
      '&#62; 80 for 3 of 5 periods of 300 s',
      '<p>More than one order in a hundred fails.</p><p>Look at the payment provider first.</p>',
      'Shop team',
      '123456789012 in eu-west-1',
      'Ana (level 1)',
      'href="https://wiki.example.com/runbooks/checkout"',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('tells the timeline in order, the latest 100 entries of it', () => {
    const timeline = Array.from({ length: 130 }, (_, i) =>
      sampleEntry(i, 'alert.acknowledged', { by: `r${i}` }),
    );
    const page = renderAlertPage({ ...sample, alert: sampleAlert(), timeline });
    const told = [...page.matchAll(/<span>r(\d+) acknowledged/g)].map(([, n]) => Number(n));
    expect(told).toEqual(Array.from({ length: 100 }, (_, i) => i + 30));
    expect(page).toContain('Earlier entries are left out.');
  });

  it('says after a press what it did, here that Ben was first at 14:06Z', () => {
    const page = renderAlertPage({
      ...sample,
      alert: sampleAlert(acknowledged('ben', 1)),
      done: {
        answer: 'acknowledge',
        outcome: { answer: 'acknowledge', kind: 'answered-before' },
        at: minutesIn(5),
      },
    });
    expect(page).toContain('<p class="flash" role="status">Already acknowledged by Ben at 14:06Z.</p>');
  });

  it('links no runbook that is not http or https', () => {
    const services = { checkout: { runbook: 'javascript:alert(1)' } };
    const page = renderAlertPage({ ...sample, alert: sampleAlert(), operations: { ...team, services } });
    expect(page).not.toContain('javascript:');
  });

  it('lets no text of a sender become markup', () => {
    // Each line of a text is a paragraph, so these may differ in number.
    const skeletonOf = (page: string) => page.replace(/<\/?p>/g, '').match(/<[^>]*>/g);
    const textOf = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => `x${text}<i class="a">'"&`);
    fc.assert(
      fc.property(textOf, textOf, textOf, (title, reason, service) => {
        const written = (a: string, b: string, c: string) =>
          renderAlertPage({
            ...sample,
            viewer: a,
            timeline: [sampleEntry(1, 'page.failed', { responder: c, reason: b })],
            alert: sampleAlert({ service: c, detail: { title: a, reason: b, description: c } }),
          });
        expect(skeletonOf(written(title, reason, service))).toEqual(skeletonOf(written('x', 'x', 'x')));
      }),
    );
  });

  it('is English, for a phone, and without a script, an image or an inline style', () => {
    const page = pageOf();
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(page).not.toMatch(/<script|<img| style=| on[a-z]+="/i);
  });
});

describe('answerPageHeaders', () => {
  it('allow the one style of the page by its hash, forms to itself, and nothing else', () => {
    const style = /<style>([\s\S]*)<\/style>/.exec(pageOf())![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(answerPageHeaders['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
  });

  it('keep the address and the page to this visit', () => {
    expect(answerPageHeaders).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });
});

describe('renderBundlePage', () => {
  const alerts = [
    sampleAlert({ id: 'one' }),
    sampleAlert({ id: 'two', service: 'search', ...acknowledged('ben', 2) }),
    sampleAlert({ id: 'three', ...resolved('alarm', 4) }),
  ];

  it('has the buttons of each alert with its id, and one for all', () => {
    const page = renderBundlePage({ ...sample, alerts });
    expect(actionsOf(page)).toEqual([
      'acknowledge:one',
      'escalate:one',
      'resolve:one',
      'acknowledge:two',
      'escalate:two',
      'resolve:two',
      'acknowledge',
    ]);
    expect(page).toContain('<h1>2 alerts in checkout, 1 in search</h1>');
    expect(page).toContain('One needs an answer');
  });

  it('comes back to the alert that was answered, and says there what the answer did', () => {
    const outcome = { answer: 'acknowledge', kind: 'answered-before' } as const;
    const done = { answer: 'acknowledge', outcome, alertId: 'two', at: minutesIn(5) } as const;
    const page = renderBundlePage({ ...sample, alerts, done });
    expect(page).toContain(`action="/a/${TOKEN}#two"`);
    const [card] = page.match(/<article class="card acknowledged" id="two">[\s\S]*?<\/article>/)!;
    expect(card).toContain('Already acknowledged by Ben at 14:07Z.');
    expect(page.match(/role="status"/g)).toHaveLength(1);
  });

  it('counts a snoozed one as answered: acknowledging it is the last of its buttons, and no big one', () => {
    const snoozed = { since: minutesIn(1), until: minutesIn(62), by: 'ana' };
    const two = [sampleAlert({ id: 'one' }), sampleAlert({ id: 'two', holds: { snoozed } })];
    const page = renderBundlePage({ ...sample, alerts: two });
    expect(page).toContain('One needs an answer');
    expect(actionsOf(page)).toEqual([
      'acknowledge:one',
      'escalate:one',
      'resolve:one',
      'escalate:two',
      'resolve:two',
      'acknowledge:two',
      'acknowledge',
    ]);
    expect(page).toContain(
      '<button class="big wide" name="action" value="acknowledge:two">Acknowledge</button>',
    );
  });

  it('has no button for all when every one is answered', () => {
    const page = renderBundlePage({ ...sample, alerts: alerts.slice(1) });
    expect(actionsOf(page)).not.toContain('acknowledge');
    expect(page).toContain('Every one is answered');
  });
});

describe('renderStormPage', () => {
  const storm = {
    severity: 'critical' as const,
    alerts: 9_950,
    services: [
      { service: 'checkout', alerts: 6_000 },
      { service: 'search', alerts: 3_900 },
    ],
    until: minutesIn(1),
  };
  const link = { responder: 'ana', sentAt: minutesIn(1), alerts: [], storm };
  const alerts = [sampleAlert({ id: 'one' }), sampleAlert({ id: 'two', ...acknowledged('ben', 2) })];

  it('says how many and where, lists the worst, and answers all of them with one button', () => {
    const page = renderStormPage({ ...sample, alerts, link });
    expect(page).toContain('<h1>9,950 alerts at once</h1>');
    expect(page).toContain('<div><dt>search</dt><dd>3,900</dd></div>');
    expect(page).toContain('<div><dt>no service</dt><dd>50</dd></div>');
    expect(page).toContain('The worst 2 as they stand now');
    expect(page).toContain('<p>And 9,948 more: `tocsin alerts` lists them.</p>');
    expect(actionsOf(page).at(-1)).toBe('acknowledge');
    expect(page).toContain('Acknowledge all 9,950</button>');
    expect(actionsOf(page)).toContain('acknowledge:one');
  });

  it('says how far the answer has come, and has no button for it any more', () => {
    const answer = { by: 'ana', at: minutesIn(3), acknowledged: 1_200 };
    const page = renderStormPage({ ...sample, alerts, link: { ...link, answer } });
    expect(page).toContain('Being acknowledged: 1,200 so far');
    expect(page).toContain('Ana acknowledged all of them at 14:08Z.');
    expect(actionsOf(page)).not.toContain('acknowledge');
    const finished = { ...answer, acknowledged: 9_800, finishedAt: minutesIn(4) };
    expect(renderStormPage({ ...sample, alerts, link: { ...link, answer: finished } })).toContain(
      'Acknowledged: 9,800<',
    );
  });

  it('says that there are more than were counted', () => {
    const page = renderStormPage({ ...sample, alerts, link: { ...link, storm: { ...storm, isMore: true } } });
    expect(page).toContain('Acknowledge all 9,950+</button>');
  });
});

describe('renderRefusal', () => {
  it.each([
    ['unknown', 404, 'This link is not known'],
    ['expired', 410, 'This link has expired'],
    ['bad-request', 400, 'This answer was not understood'],
    ['unavailable', 503, 'This did not work just now'],
  ] as const)('of %s is a plain page with status %d', (kind, status, title) => {
    const { statusCode, body } = renderRefusal(kind);
    expect(statusCode).toBe(status);
    expect(body).toContain(`<h1>${title}</h1>`);
    expect(actionsOf(body)).toEqual([]);
  });
});

describe('COLOURS', () => {
  it.each([
    ...['text', 'quiet', 'link', ...TONES].flatMap((ink) => [
      [ink, 'ground'],
      [ink, 'raised'],
    ]),
    ['ground', 'text'],
  ] as [keyof typeof COLOURS, keyof typeof COLOURS][])(
    '%s on %s has a contrast of at least 4.5',
    (ink, paper) => {
      const [light, dark] = [luminance(COLOURS[ink]), luminance(COLOURS[paper])].sort((a, b) => b - a);
      expect((light! + 0.05) / (dark! + 0.05)).toBeGreaterThanOrEqual(4.5);
    },
  );
});

/** Source: WCAG 2.2, relative luminance */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
