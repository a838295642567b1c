/** A page fails only because AWS failed: what our own code cannot do is a bug. Source: design, Errors */
import type { Invariant } from '../run.ts';
import { historiesOf } from './life-history.ts';
import { iso, nameContact, nameLife } from './words.ts';

/** A function's time, and what of its calls was answered late. */
const NEAR_MS = 20_000;

export const noPageFailsByItself: Invariant = (run) =>
  historiesOf(run).flatMap((life) =>
    life.timeline
      .filter(({ event }) => event === 'page.failed')
      .filter(({ at }) => !run.hits.some((hit) => Math.abs(hit.at - at) <= NEAR_MS))
      .map(({ at, page, responder = '?', channel = '?', reason }) => ({
        invariant: 'no-page-fails-by-itself',
        at,
        what: `page ${page} of alert ${nameLife(life)} to ${nameContact({ responder, channel })} failed at ${iso(at)}, and no fault was near: ${reason}`,
      })),
  );
