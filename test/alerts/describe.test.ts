import { describe, expect, it } from 'vitest';
import { type Alert, TimelineEvent } from '../../functions/alerts/alert.ts';
import { describeNext, describeState, nameOf, oneLine } from '../../functions/alerts/describe-alert.ts';
import { describeEntry } from '../../functions/alerts/describe-entry.ts';
import { describeOutcome } from '../../functions/alerts/describe-outcome.ts';
import { describeAge, describeDuration, describeMoment } from '../../functions/alerts/describe-time.ts';
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

const SECOND_MS = 1_000;
const ana = { responder: 'ana', channel: 'sms', level: 1 } as const;

describe('describeEntry', () => {
  it.each([
    ['alert.opened', { by: 'alarm', reason: 'Threshold\nCrossed' }, 'Alert opened: Threshold Crossed'],
    ['alert.opened', { by: 'alarm' }, 'Alert opened'],
    [
      'alert.repeated',
      { by: 'alarm', reason: 'acknowledged' },
      'The alarm fired again; no page for that: it is acknowledged',
    ],
    [
      'alert.held',
      { reason: 'recovering', until: minutesIn(5) },
      'Paging is on hold until 14:10Z: the alarm says OK, and may yet fire again',
    ],
    [
      'alert.held',
      { reason: 'maintenance', until: minutesIn(55), by: 'weekly' },
      'Paging is on hold until 15:00Z: a maintenance window is open (weekly)',
    ],
    [
      'alert.held',
      { reason: 'silenced', until: minutesIn(55), by: 'known bug' },
      'Paging is on hold until 15:00Z: it is silenced (known bug)',
    ],
    [
      'alert.held',
      { reason: 'inhibited', by: '70793512' },
      'Paging is on hold: another alert explains it (70793512)',
    ],
    ['alert.released', { reason: 'muted' }, 'No longer muted'],
    ['alert.released', { reason: 'maintenance' }, 'The maintenance window ended'],
    ['alert.released', { reason: 'silenced' }, 'The silence ended'],
    ['alert.released', { reason: 'snoozed' }, 'The snooze ended'],
    ['alert.released', { reason: 'inhibited' }, 'No other alert explains it any more'],
    [
      'alert.snoozed',
      { by: 'ben', until: minutesIn(55), reason: 'vendor at work' },
      'Ben snoozed it until 15:00Z: vendor at work',
    ],
    ['alert.acknowledged', { by: 'integration:grafana' }, 'grafana (integration) acknowledged'],
    [
      'page.dropped',
      { ...ana, reason: 'snoozed' },
      'Page to Ana by SMS (level 1) was not sent: it is snoozed',
    ],
    ['alert.severity-raised', { reason: 'critical' }, 'Severity raised to critical'],
    ['alert.escalated', { by: 'clock', level: 2 }, 'Escalated to level 2'],
    ['alert.escalated', { by: 'ben', level: 2, reason: 'by hand' }, 'Ben escalated to level 2'],
    ['alert.acknowledged', { by: 'cli:root' }, 'root (command line) acknowledged'],
    ['alert.resolved', { by: 'alarm', reason: 'the alarm is OK again' }, 'Resolved: the alarm is OK again'],
    ['alert.resolved', { by: 'ben', reason: 'resolved by hand' }, 'Ben resolved it'],
    ['page.sent', ana, 'Paged Ana by SMS (level 1)'],
    [
      'page.sent',
      { responder: 'watchers', channel: 'topic', level: 4 },
      'Paged the watchers on their topic (level 4)',
    ],
    [
      'page.held',
      { ...ana, reason: 'waiting-for-slot' },
      'Page to Ana by SMS (level 1) waits: this contact had a message less than a minute ago',
    ],
    ['page.held', { level: 2, reason: 'nobody-on-call' }, 'Level 2 is passed over: nobody is on call'],
    [
      'page.held',
      { level: 1, reason: 'nobody-reachable' },
      'Level 1 is passed over: none of its people can be reached',
    ],
    ['page.held', { reason: 'not-yet' }, 'Nobody is paged: the next moment to page has not come'],
    [
      'page.failed',
      { ...ana, reason: 'SNS: Throttled', until: minutesIn(1) },
      'Page to Ana by SMS (level 1) failed, waits until 14:06Z: SNS: Throttled',
    ],
    [
      'page.undeliverable',
      { ...ana, reason: 'opted out' },
      'Could not reach Ana by SMS (level 1): opted out',
    ],
    [
      'page.dropped',
      { ...ana, reason: 'acknowledged' },
      'Page to Ana by SMS (level 1) was not sent: it is acknowledged',
    ],
    [
      'page.retried',
      { ...ana, reason: 'the claim expired' },
      'Page to Ana by SMS (level 1) is sent again: the claim expired',
    ],
    ['reminder.sent', ana, 'Reminded Ana by SMS: acknowledged, but not resolved'],
    ['notice.sent', { ...ana, channel: 'email' }, 'Told Ana by email that it is resolved'],
  ] as const)('%s of %j reads “%s”', (event, facts, sentence) => {
    expect(describeEntry(sampleEntry(0, event, facts), team)).toBe(sentence);
  });

  it.each(TimelineEvent.options)('%s without any fact is a sentence still', (event) => {
    expect(describeEntry(sampleEntry(0, event), team)).toMatch(/^[A-Z][a-z ,;:()0-9]+$/);
    expect(describeEntry(sampleEntry(0, event), team)).not.toMatch(/undefined|null/);
  });

  it('takes a reason such as `constructor` for a reason, and cuts one of 2,000 characters at 160', () => {
    expect(describeEntry(sampleEntry(0, 'alert.opened', { reason: 'constructor' }), team)).toBe(
      'Alert opened: constructor',
    );
    const long = describeEntry(sampleEntry(0, 'alert.opened', { reason: '🔥'.repeat(1_000) }), team);
    expect(Array.from(long)).toHaveLength('Alert opened: '.length + 160);
  });
});

describe('an alert that somebody raised by hand', () => {
  const source = { kind: 'cli', key: 'shop', by: 'cli:ana' } as const;
  const recovering = { since: minutesIn(3), until: minutesIn(8) };

  it('speaks of no alarm when it is said to be over', () => {
    const held = sampleEntry(0, 'alert.held', { reason: 'recovering', until: minutesIn(8) });
    expect(describeEntry(held, team, source)).toBe(
      'Paging is on hold until 14:13Z: it was said to be over, and may yet come back',
    );
    expect(describeNext(sampleAlert({ source, holds: { recovering } }), team, minutesIn(5))).toBe(
      'Resolves at 14:13Z unless it comes back',
    );
  });

  it('speaks of no alarm when it is raised again, or resolved', () => {
    const repeated = sampleEntry(0, 'alert.repeated', { reason: 'acknowledged' });
    expect(describeEntry(repeated, team, source)).toBe(
      'It fired again; no page for that: it is acknowledged',
    );
    const alert = sampleAlert({ source, ...resolved('ana', 2) });
    expect(describeOutcome({ answer: 'resolve', kind: 'done' }, alert, 'ana', team, minutesIn(2))).toBe(
      'You resolved this at 14:07Z.',
    );
    const integration = {
      kind: 'integration',
      integration: 'grafana',
      format: 'alertmanager',
      key: 'shop',
    } as const;
    const other = { ...alert, source: integration };
    expect(describeOutcome({ answer: 'resolve', kind: 'done' }, other, 'ana', team, minutesIn(2))).toBe(
      'Resolved, but its sender has not said that it is over. If it fires anew, a new alert opens.',
    );
  });
});

describe('describeState', () => {
  it.each([
    [{}, 'Triggered'],
    [
      { holds: { recovering: { since: minutesIn(3), until: minutesIn(8) } } },
      'Triggered, recovering since 14:08Z',
    ],
    [acknowledged('ana', 2), 'Acknowledged by Ana at 14:07Z'],
    [resolved('ben', 25), 'Resolved by Ben at 14:30Z'],
    [resolved('alarm', 25, 'the alarm was deleted'), 'Resolved at 14:30Z: the alarm was deleted'],
  ])('of %j is “%s”', (changes, expected) => {
    expect(describeState(sampleAlert(changes), team, minutesIn(30))).toBe(expected);
  });
});

describe('describeNext', () => {
  it.each([
    ['triggered', {}, 'Level 2 (Ben and Cleo) is paged at 14:20Z unless somebody acknowledges'],
    ['at its end', { next: null }, 'Nobody else is paged'],
    [
      'recovering',
      { holds: { recovering: { since: minutesIn(3), until: minutesIn(8) } } },
      'Resolves at 14:13Z unless the alarm fires again',
    ],
    [
      'muted',
      { holds: { muted: { since: minutesIn(0), checkAt: minutesIn(5), by: 'a rule' } } },
      'Nobody is paged while the alarm is muted in CloudWatch',
    ],
    [
      'in maintenance',
      {
        holds: {
          maintenance: { since: minutesIn(0), until: minutesIn(55), window: 'weekly', name: 'weekly' },
        },
      },
      "Nobody is paged until 15:00Z: maintenance 'weekly'",
    ],
    [
      'silenced, by a window that had no name yet',
      { holds: { silenced: { since: minutesIn(0), until: minutesIn(55), window: 'a1b2c3' } } },
      "Nobody is paged until 15:00Z: silenced, 'a1b2c3'",
    ],
    [
      'snoozed, and in maintenance beneath it',
      {
        holds: {
          maintenance: { since: minutesIn(0), until: minutesIn(55), window: 'weekly', name: 'weekly' },
          snoozed: { since: minutesIn(1), until: minutesIn(25), by: 'ben', reason: 'vendor\nat work' },
        },
      },
      "Nobody is paged until 14:30Z: snoozed by Ben ('vendor at work'), then it starts over",
    ],
    [
      'inhibited',
      { holds: { inhibited: { since: minutesIn(0), checkAt: minutesIn(15), by: '70793512' } } },
      'Nobody is paged while alert 70793512 fires, which explains it',
    ],
    [
      'acknowledged in maintenance',
      {
        ...acknowledged('ana', 2),
        holds: {
          maintenance: { since: minutesIn(0), until: minutesIn(55), window: 'weekly', name: 'weekly' },
        },
      },
      "Nobody is paged until 15:00Z: maintenance 'weekly'",
    ],
    ['acknowledged', acknowledged('ana', 2), 'Ana is reminded at 15:07Z unless it is resolved'],
    [
      'acknowledged from the command line',
      { ...acknowledged('cli:sam', 2), paged: [{ responder: 'ben', level: 2 }] },
      'Ben is reminded at 15:07Z unless it is resolved',
    ],
    ['resolved', resolved('ben', 3), 'Nobody is paged any more'],
  ])('while %s', (_, changes, expected) => {
    expect(describeNext(sampleAlert(changes), team, minutesIn(5))).toBe(expected);
  });

  it('counts from where the clock stood: 10 minutes on it at 14:30Z make level 2 due at 14:35Z', () => {
    const clock = { elapsedMs: 10 * 60_000, runningSince: minutesIn(25) };
    expect(describeNext(sampleAlert({ clock }), team, minutesIn(25))).toContain('at 14:35Z');
  });

  it('names the watchers when nobody is on call at any level', () => {
    expect(describeNext(sampleAlert(), { ...team, levels: [[], []] }, minutesIn(5))).toContain(
      'Level 2 (the watchers) is paged at 14:20Z',
    );
  });
});

describe('describeOutcome', () => {
  const said = (
    ...[outcome, alert]: [Parameters<typeof describeOutcome>[0], ReturnType<typeof sampleAlert>]
  ) => describeOutcome(outcome, alert, 'ana', team, minutesIn(2));

  it('says until when you snoozed, or that the press changed nothing', () => {
    const snoozed = { since: minutesIn(2), until: minutesIn(62), by: 'ana' };
    expect(said({ answer: 'snooze', kind: 'done' }, sampleAlert({ holds: { snoozed } }))).toBe(
      'You snoozed this until 15:07Z: then it starts over at level 1.',
    );
    expect(said({ answer: 'snooze', kind: 'nothing-to-do' }, sampleAlert({ holds: { snoozed } }))).toBe(
      'Nothing changed: it is snoozed already, or the end of the snooze is over.',
    );
  });

  it('says at 14:07Z that you acknowledged', () => {
    expect(said({ answer: 'acknowledge', kind: 'done' }, sampleAlert(acknowledged('ana', 2)))).toBe(
      'You acknowledged this at 14:07Z.',
    );
  });

  it('says who acknowledged first, at 14:06Z', () => {
    const outcome = { answer: 'acknowledge', kind: 'answered-before' } as const;
    expect(said(outcome, sampleAlert(acknowledged('ben', 1)))).toBe('Already acknowledged by Ben at 14:06Z.');
    expect(said(outcome, sampleAlert(acknowledged('ana', 1)))).toBe('Already acknowledged by you at 14:06Z.');
  });

  it('says whom escalating paged', () => {
    const pages = ['ben', 'cleo', 'ben'].map((responder) => samplePage({ responder, level: 2 }));
    expect(said({ answer: 'escalate', kind: 'done' }, sampleAlert({ pages, highestPagedLevel: 2 }))).toBe(
      'You escalated this at 14:07Z: level 2 (Ben and Cleo) is paged.',
    );
  });

  it('says that a hold keeps it from going further than the level that a hand paged', () => {
    const pages = [samplePage({ responder: 'ben', level: 2, byHand: true, settledAt: minutesIn(2) })];
    const outcome = { answer: 'escalate', kind: 'done' } as const;
    const held = (holds: Alert['holds']) => sampleAlert({ pages, highestPagedLevel: 2, holds });
    const snoozed = held({ snoozed: { since: minutesIn(1), until: minutesIn(62), by: 'ana' } });
    expect(said(outcome, snoozed)).toBe(
      'You escalated this at 14:07Z: level 2 (Ben) is paged now, and it goes no further until 15:07Z.',
    );
    expect(describeNext(snoozed, team, minutesIn(2))).toBe(
      'Nobody else is paged until 15:07Z: snoozed by Ana, then it starts over',
    );
    const muted = held({ muted: { since: minutesIn(1), checkAt: minutesIn(5), by: 'a rule' } });
    expect(said(outcome, muted)).toContain('is paged now, and it goes no further while it is muted.');
    expect(describeNext(muted, team, minutesIn(2))).toMatch(/^Nobody else is paged while the alarm is muted/);
  });

  it('says of a resolve that the alarm still fires', () => {
    const outcome = { answer: 'resolve', kind: 'done' } as const;
    expect(said(outcome, sampleAlert(resolved('ana', 2)))).toContain('Resolved, but the alarm still fires.');
    expect(said(outcome, sampleAlert({ ...resolved('ana', 2), lastSignalState: 'ok' }))).toBe(
      'You resolved this at 14:07Z.',
    );
  });

  it('says why nothing changed', () => {
    const outcome = { answer: 'escalate', kind: 'nothing-to-do' } as const;
    expect(said(outcome, sampleAlert(resolved('ben', 1)))).toBe('Already resolved by Ben at 14:06Z.');
    expect(said(outcome, sampleAlert(resolved('alarm', 1)))).toBe(
      'Already resolved at 14:06Z: the alarm is OK again.',
    );
    expect(said(outcome, sampleAlert({ severity: 'info' }))).toBe(
      'Nothing changed: nobody is paged for info alerts.',
    );
  });
});

describe('nameOf', () => {
  it.each([
    ['ana', 'Ana'],
    ['who-has-left', 'who-has-left'],
    ['constructor', 'constructor'],
    ['cli:ben', 'ben (command line)'],
    ['watchers', 'the watchers'],
  ])('%s is %s', (who, name) => {
    expect(nameOf(who, team)).toBe(name);
  });
});

describe('oneLine', () => {
  it('makes line breaks spaces and drops what cannot be seen', () => {
    expect(oneLine(' a\r\n\tb\u0000\u202ec\u200b\u2029d ')).toBe('a bc d');
  });

  it('cuts 5 characters to 4, the last one `…`', () => {
    expect(oneLine('abcd', 4)).toBe('abcd');
    expect(oneLine('abcde', 4)).toBe('abc…');
  });
});

describe('describeMoment', () => {
  it('has the date from 12 hours and 1 ms away', () => {
    expect(describeMoment(OPENED_AT, minutesIn(720))).toBe('14:05Z');
    expect(describeMoment(OPENED_AT, minutesIn(720) + 1)).toBe('24 Nov 14:05Z');
    expect(describeMoment(OPENED_AT, minutesIn(-720) - 1)).toBe('24 Nov 14:05Z');
  });
});

describe('describeDuration', () => {
  it.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [3_600_000 + 5 * 60_000, '1 h 5 min'],
    [86_400_000 * 2 + 3_600_000 * 4, '2 d 4 h'],
  ])('of %d ms is %s', (ms, expected) => {
    expect(describeDuration(ms)).toBe(expected);
  });
});

describe('describeAge', () => {
  it('looks back and ahead', () => {
    expect(describeAge(OPENED_AT, OPENED_AT)).toBe('just now');
    expect(describeAge(OPENED_AT, OPENED_AT + 40 * SECOND_MS)).toBe('40 s ago');
    expect(describeAge(minutesIn(3), OPENED_AT)).toBe('in 3 min');
  });
});
