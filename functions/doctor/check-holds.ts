/** The finding about maintenance and silences that are on: what fires meanwhile pages nobody. */
import { describeMoment } from '../alerts/describe-time.ts';
import { describeMatch, matchesEverything } from '../holds/match.ts';
import { occurrencesAt } from '../holds/windows.ts';
import type { Operations } from '../operations/operations.ts';
import type { Finding } from './contract.ts';

const NAMES = { maintenance: 'maintenance', silenced: 'silence' } as const;

/** @param operations  as they stand now, windows started by hand included */
export function checkHolds({ windows }: Pick<Operations, 'windows'>, nowMs: number): Finding {
  const finding = { id: 'holds', title: 'Maintenance and silences' };
  const on = windows.flatMap((window) => {
    const { open } = occurrencesAt(window, nowMs);
    return open ? [{ ...window, until: open.until }] : [];
  });
  if (on.length === 0) return { ...finding, state: 'ok', found: 'no maintenance or silence is on' };
  const found = on
    .map(
      ({ hold, id, match, until }) =>
        `${NAMES[hold]} ${id} holds ${describeMatch(match)} until ${describeMoment(until, nowMs)}`,
    )
    .join(', ');
  if (!on.some(({ match }) => matchesEverything(match))) return { ...finding, state: 'ok', found };
  return {
    ...finding,
    state: 'warning',
    found,
    advice:
      'Until then nobody is paged. Is the work done, end it with `tocsin maintenance end ID`; one of operations.ts is changed there.',
  };
}
