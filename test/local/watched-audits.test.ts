import { describe, expect, it } from 'vitest';
import { watchAudits } from '../../local/watched-audits.ts';

const HOUR_MS = 3_600_000;
const TOLD = { M: { told: { BOOL: true } } };
const MARK = { M: { reason: { S: 'the number has opted out of SMS' } } };

const situation = (...unreachable: object[]) => ({ pk: { S: 'situation' }, unreachable: { L: unreachable } });
const audit = (...reports: object[]) => ({ pk: { S: 'audit' }, reports: { L: reports } });

function watched(...writes: Parameters<ReturnType<typeof watchAudits>['onWrite']>[0][]) {
  const now = { ms: 0 };
  const rows = watchAudits(() => now.ms);
  for (const item of writes) rows.onWrite(item);
  return { now, rows };
}

describe('watchAudits', () => {
  it.each([
    ['nothing is marked, nothing to tell', false, [situation(), audit()]],
    ['the audit has marked a contact and told people', false, [situation(MARK), audit(TOLD)]],
    ['a delivery report has marked a contact', true, [situation({ M: { until: { N: '9' } } }), audit()]],
    ['something is not told yet', true, [situation(), audit({ M: { told: { BOOL: false } } })]],
    [
      'a contact is well, but not for long',
      true,
      [situation(), audit({ M: { ...TOLD.M, wellSince: { N: '1' } } })],
    ],
    ['a part of the situation was written', true, [audit(), { pk: { S: 'situation' } }]],
    ['no audit was recorded', true, [situation()]],
  ])('when %s, is unsettled: %s', (_, expected, writes) => {
    expect(watched(...writes).rows.isUnsettled()).toBe(expected);
  });

  it('is unsettled for two hours while nobody has written the situation: an earlier world may have', () => {
    const { now, rows } = watched(audit());
    now.ms = 2 * HOUR_MS;
    expect(rows.isUnsettled()).toBe(true);
    now.ms += 1;
    expect(rows.isUnsettled()).toBe(false);
  });

  it('knows when the situation was written, and no other row', () => {
    const { now, rows } = watched();
    now.ms = 5;
    rows.onWrite(situation());
    now.ms = 6;
    rows.onWrite({ pk: { S: 'alert#1' } });
    expect(rows.situationWrittenMs()).toBe(5);
  });
});
