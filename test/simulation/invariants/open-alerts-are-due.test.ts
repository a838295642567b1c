import { describe, expect, it } from 'vitest';
import { defineOperations } from '../../../functions/operations/define-operations.ts';
import { aRun, hitAt, minute, withAlerts } from './build-run.ts';
import { openAlertsAreDue } from './open-alerts-are-due.ts';

const unanswered = aRun((story) => void story.signal(0, 'alarm'));

describe('openAlertsAreDue', () => {
  it('holds for an alert that nobody answers', () => {
    expect(openAlertsAreDue(unanswered)).toEqual([]);
  });

  it('finds the one write after which nothing is due', () => {
    const run = withAlerts(unanswered, (alert, { n }) => {
      if (n === unanswered.writes[1]!.n) delete alert.dueAt;
      return alert;
    });
    const [only, ...others] = openAlertsAreDue(run);
    expect(others).toEqual([]);
    expect(only!.what).toContain('is open, critical and triggered');
  });

  it('finds an alert that stood overdue for four minutes, unless a fault was near', () => {
    const late = {
      ...unanswered,
      writes: unanswered.writes.map((write) =>
        write.at === minute(15) ? { ...write, at: minute(19) } : write,
      ),
    };
    expect(openAlertsAreDue(late)[0]!.what).toContain('was due at 2026-03-02T03:15:00Z');
    expect(openAlertsAreDue({ ...late, hits: [hitAt(17, 'fail-before')] })).toEqual([]);
  });

  it('finds a slot that is overdue at the end', () => {
    const slot = { pk: 'contact#ana#sms', sk: 'slot', version: 1, dueAt: minute(30) };
    const write = { at: minute(29), n: 900, function: 'tocsin-page', pk: slot.pk, sk: slot.sk };
    const run = {
      ...unanswered,
      writes: [...unanswered.writes, { ...write, before: undefined, after: slot }],
    };
    expect(openAlertsAreDue(run)[0]!.what).toContain('it stood there until the end');
  });

  it('lets an acknowledged alert rest where the procedures ask nobody about it', () => {
    const operations = defineOperations({
      responders: { ana: { name: 'Ana', email: 'ana@example.com' } },
      escalation: { critical: { ackTimeoutMinutes: null } },
    });
    const run = aRun(
      (story) => {
        story.signal(0, 'alarm');
        story.answer(4, 'acknowledge', 'ana');
      },
      { operations },
    );
    expect(run.lives[0]!.alert.dueAt).toBeUndefined();
    expect(openAlertsAreDue(run)).toEqual([]);
  });
});
