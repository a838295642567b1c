import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../functions/alerts/alert.ts';
import { renderBundleEmail, renderEmail } from '../../functions/paging/render-email.ts';
import {
  acknowledged,
  minutesIn,
  resolved,
  sampleAlert,
  sampleEntry,
  samplePage,
  team,
} from '../support/sample-alert.ts';

const LINK = 'https://abcdefghij.execute-api.eu-west-1.amazonaws.com/a/0123456789abcdefghijkl';
const sample = {
  alert: sampleAlert(),
  kind: 'page',
  level: 1,
  link: LINK,
  operations: team,
  nowMs: minutesIn(5),
} as const;

/** The second level paged at 14:20Z, after the first. */
const atLevelTwo = sampleAlert({
  next: { step: 1, atMs: 45 * 60_000 },
  highestPagedLevel: 2,
  pages: [samplePage(), ...['ben', 'cleo'].map((responder) => samplePage({ responder, level: 2 }))],
});

describe('renderEmail', () => {
  it('has all that one needs at 3 a.m., the link first and alone', () => {
    const timeline = [sampleEntry(0, 'page.sent', { responder: 'ana', channel: 'sms', level: 1 })];
    expect(renderEmail({ ...sample, timeline })).toEqual({
      subject: 'CRITICAL checkout: orders-5xx-rate since 14:05Z',
      body: `${LINK}

CRITICAL checkout: orders-5xx-rate
Triggered. Since 24 Nov 2026 14:05Z, for 5 min.

Open the link to acknowledge, escalate or resolve. Looking changes nothing.

Why          Threshold Crossed: 3 out of the last 5 datapoints [92.1 (24/11/26
             14:00:00), 88.4 (24/11/26 13:55:00), 85.0 (24/11/26 13:50:00)]
             were greater than the threshold (80.0) (minimum 3 datapoints for
             OK -> ALARM transition).
Metric       AWS/ApplicationELB HTTPCode_Target_5XX_Count Sum,
             LoadBalancer=app/shop/50dc6c495c0c9188
Threshold    > 80 for 3 of 5 periods of 300 s
Alarm        orders-5xx-rate
Account      123456789012 in eu-west-1

Service      checkout
Owner        Shop team
Runbook      https://wiki.example.com/runbooks/checkout
About it     Takes the money.

Paged now    level 1: Ana
Next         Level 2 (Ben and Cleo) is paged at 14:20Z unless somebody
             acknowledges.

Description
  More than one order in a hundred fails.
  Look at the payment provider first.

Timeline
  14:05Z Paged Ana by SMS (level 1)
`,
    });
  });

  it('names the level that is paged at 14:20Z, and who was paged before', () => {
    const { subject, body } = renderEmail({ ...sample, alert: atLevelTwo, level: 2, nowMs: minutesIn(15) });
    expect(subject).toBe('CRITICAL L2 checkout: orders-5xx-rate since 14:05Z');
    expect(body).toContain('Paged now    level 2: Ben and Cleo\nPaged before Ana (level 1)\n');
    expect(body).toContain('Next         Level 2 (Ben and Cleo) is paged at 14:50Z');
  });

  it('has names and no addresses', () => {
    const { body } = renderEmail({ ...sample, alert: atLevelTwo, level: 2 });
    expect(body).not.toMatch(/@example\.com|\+1202/);
  });

  it('reminds of an acknowledgement at 15:07Z, and says that it escalates at 15:22Z', () => {
    const reminded: Partial<Alert> = acknowledged('ana', 2);
    reminded.acknowledgement = {
      ...reminded.acknowledgement!,
      remindAt: null,
      forgottenAt: minutesIn(77),
    };
    const { subject, body } = renderEmail({
      ...sample,
      alert: sampleAlert(reminded),
      kind: 'reminder',
      nowMs: minutesIn(62),
    });
    expect(subject).toBe('CRITICAL acknowledged, not resolved: checkout: orders-5xx-rate since 14:05Z');
    expect(body).toContain(
      'Reminder: this was acknowledged, and is not resolved.\nAcknowledged by Ana at 14:07Z. Since 24 Nov 2026 14:05Z, for 1 h 2 min.',
    );
    expect(body).toContain('Escalates at 15:22Z unless it is resolved or acknowledged');
  });

  it.each([
    ['ben', 'Resolved by Ben at 14:30Z. It began 24 Nov 2026 14:05Z and lasted 25 min.'],
    ['alarm', 'Resolved at 14:30Z: the alarm is OK again. It began 24 Nov 2026 14:05Z and\nlasted 25 min.'],
  ])('tells in a notice that %s resolved it, and after how long', (by, course) => {
    const alert = sampleAlert(resolved(by, 25));
    const { subject, body } = renderEmail({ ...sample, alert, kind: 'notice', nowMs: minutesIn(25) });
    expect(subject).toBe('CRITICAL resolved: checkout: orders-5xx-rate since 14:05Z');
    expect(body).toContain(course);
    expect(body).not.toContain('acknowledge,');
    expect(body).not.toContain('Next');
  });

  it('leaves out what operations.ts no longer knows, and a runbook that is no web address', () => {
    const gone = renderEmail({ ...sample, alert: sampleAlert({ service: 'constructor' }) }).body;
    expect(gone).toContain('Service      constructor\n\n');
    const services = { checkout: { runbook: 'javascript:alert(1)' } };
    expect(renderEmail({ ...sample, operations: { ...team, services } }).body).not.toContain('javascript');
  });

  it('says when the sender’s text was cut', () => {
    const alert = sampleAlert({ detail: { title: 'x', truncated: true } });
    expect(renderEmail({ ...sample, alert }).body).toContain('The sender said more: its text was cut.');
  });

  it('takes the timeline that the alert itself holds, of this life only, and the latest 20 of it', () => {
    const entries = Array.from({ length: 25 }, (_, i) =>
      sampleEntry(i, 'alert.acknowledged', { by: `r${i}` }),
    );
    const earlier = { ...sampleEntry(0, 'alert.acknowledged', { by: 'earlier' }), openedAt: 1 };
    const { body } = renderEmail({ ...sample, alert: sampleAlert({ timeline: [...entries, earlier] }) });
    expect(body.match(/acknowledged$/gm)).toHaveLength(20);
    expect(body).toContain('  14:29Z r24 acknowledged\n');
    expect(body).not.toContain('earlier');
  });

  it('has one link line at its head, whatever a title says', () => {
    const evil = 'https://evil.example/a/0123456789abcdefghijkl';
    const title = `${'x'.repeat(60)} ${evil}\n${evil}\r\n\u2028${evil}`;
    const { subject, body } = renderEmail({
      ...sample,
      alert: sampleAlert({ detail: { title, reason: `r\n${evil}`, description: evil } }),
    });
    const linkLines = body.split('\n').filter((line) => line.startsWith('http'));
    expect(linkLines).toEqual([LINK]);
    expect(subject).not.toContain('\n');
  });

  it('keeps to SNS’s subjects and to lines of 78, for any text of a sender', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(text, text, text, text, fc.constantFrom('page', 'reminder', 'notice'), (...given) => {
        const [title, reason, description, service, kind] = given;
        const alert = sampleAlert({ service, detail: { title, reason, description, metric: reason } });
        const { subject, body } = renderEmail({ ...sample, alert, kind });
        expect(subject).toMatch(/^CRITICAL [ -~]{1,90}$/);
        expect(subject).toContain(' since 14:05Z');
        expect(body.startsWith(`${LINK}\n\nCRITICAL`)).toBe(true);
        const lines = body.split('\n').slice(1);
        for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(78);
      }),
    );
  });
});

describe('renderEmail of what goes on after a hold', () => {
  it('says why it comes now', () => {
    const { subject, body } = renderEmail({ ...sample, after: 'maintenance' });
    expect(subject).toBe('CRITICAL after maintenance: checkout: orders-5xx-rate since 14:05Z');
    expect(body).toContain('The maintenance has ended, and this still fires.');
  });
});

describe('renderBundleEmail', () => {
  const item = (id: string, changes: Partial<Alert>) => ({
    alert: sampleAlert({ id, ...changes }),
    kind: 'page' as const,
    level: 1,
  });

  it('lists the worst first, then the oldest, each with its state', () => {
    const items = [
      item('a', { severity: 'warning', service: 'search' }),
      item('b', { openedAt: minutesIn(3) }),
      item('c', { ...acknowledged('ben', 4), openedAt: minutesIn(1) }),
    ].map(({ alert, ...rest }) => ({ ...rest, alert: { ...alert, detail: { title: alert.id } } }));
    const { subject, body } = renderBundleEmail({ ...sample, items, responder: 'ana' });
    expect(subject).toBe('CRITICAL 2 alerts in checkout, 1 in search since 14:05Z');
    expect(body).toBe(`${LINK}

CRITICAL 2 alerts in checkout, 1 in search since 14:05Z
One message to Ana for all of them.

Open the link to answer each alert, or all at once. Looking changes nothing.

CRITICAL checkout: c
  Acknowledged by Ben at 14:09Z; since 14:06Z, level 1.

CRITICAL checkout: b
  Triggered; since 14:08Z, level 1.

WARNING search: a
  Triggered; since 14:05Z, level 1.
`);
  });

  it('of a storm counts all, in columns, and lists what it is given as the worst', () => {
    const storm = {
      severity: 'critical' as const,
      alerts: 9_950,
      services: [
        { service: 'checkout', alerts: 6_000 },
        { service: 'search', alerts: 900 },
      ],
    };
    const items = [item('a', {})];
    const { subject, body } = renderBundleEmail({ ...sample, items, storm, responder: 'ana' });
    expect(subject).toBe('CRITICAL STORM: 9,950 alerts: checkout 6,000, search 900, no service 3,050');
    expect(body).toContain(
      '\n\n  6,000 checkout\n    900 search\n  3,050 no service\n\nThe worst 1 of them:\n\nCRITICAL',
    );
    expect(body).toMatch(/\n\nAnd 9,949 more: `tocsin alerts` lists them\.\n$/);
  });

  it('of a storm that is over says how to list those that have ended', () => {
    const storm = { severity: 'critical' as const, alerts: 199, services: [] };
    const items = [{ ...item('a', resolved('ben', 4)), kind: 'notice' as const }];
    const { body } = renderBundleEmail({ ...sample, items, storm, responder: 'ana' });
    expect(body).toContain('And 198 more: `tocsin alerts --all` lists them.');
  });

  it('of a storm of no known service has its number once', () => {
    const storm = { severity: 'critical' as const, alerts: 199, services: [] };
    const { body } = renderBundleEmail({ ...sample, items: [item('a', {})], storm, responder: 'ana' });
    expect(body).toContain('199 alerts');
    expect(body).not.toContain('other');
  });

  it.each([
    ['maintenance', 'CRITICAL after maintenance: 2 alerts in checkout', 'The maintenance has ended.'],
    ['silenced', 'CRITICAL after a silence: 2 alerts in checkout', 'The silence has ended.'],
    ['inhibited', 'CRITICAL no longer explained: 2 alerts', 'The alert that explained it is over.'],
    ['muted', 'CRITICAL no longer muted: 2 alerts', 'The alarm is no longer muted.'],
    ['snoozed', 'CRITICAL after a snooze: 2 alerts', 'The snooze has ended.'],
  ] as const)('of what goes on after being %s says so', (after, headline, sentence) => {
    const items = ['a', 'b'].map((id) => ({ ...item(id, {}), after }));
    const { subject, body } = renderBundleEmail({ ...sample, items, responder: 'ana' });
    expect(subject).toContain(headline);
    expect(body).toContain(`${sentence} This is what still fires.`);
    const mixed = renderBundleEmail({ ...sample, items: [...items, item('c', {})], responder: 'ana' });
    expect(mixed.subject).toBe('CRITICAL 3 alerts in checkout since 14:05Z');
  });

  it('of resolved notices asks for no answer', () => {
    const items = ['a', 'b'].map((id) => ({ ...item(id, resolved('ben', 4)), kind: 'notice' as const }));
    const { subject, body } = renderBundleEmail({ ...sample, items, responder: 'ana' });
    expect(subject).toBe('CRITICAL resolved: 2 alerts in checkout since 14:05Z');
    expect(body).toContain('The link shows what happened.');
    expect(body).not.toContain('answer');
  });
});
