/** A token bucket, as API Gateway throttles by: so many at once, and so many more each second. */
import type { Clock } from '../clock.ts';

export type Throttle = { ratePerS: number; burst: number };

/** @returns takes a token, or says that there is none */
export function tokenBucket(clock: Pick<Clock, 'nowMs'>, { ratePerS, burst }: Throttle): () => boolean {
  let tokens = burst;
  let filledMs = clock.nowMs();
  return () => {
    const nowMs = clock.nowMs();
    tokens = Math.min(burst, tokens + ((nowMs - filledMs) / 1000) * ratePerS);
    filledMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
