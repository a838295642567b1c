/** What lies outside of AWS: a function's `fetch` leaves no machine. It is recorded, and answered by whoever plays the outside. */
import type { Clock } from '../clock.ts';

export type ExternalRequest = { at: number; function: string; method: string; url: string };

/** @returns the status, or undefined: nobody is there */
export type AnswerExternal = (request: ExternalRequest) => number | undefined;

type Options = {
  clock: Clock;
  functionName: string;
  answer: AnswerExternal;
  onRequest: (request: ExternalRequest) => void;
  /** told without the path, which may be a secret */
  onLine: (line: string) => void;
};

/** @returns what `fetch` is inside a function */
export function externalFetch({ clock, functionName, answer, onRequest, onLine }: Options) {
  return async (to: string | URL, { method = 'GET' }: { method?: string } = {}): Promise<Response> => {
    const url = new URL(to);
    const request = { at: clock.nowMs(), function: functionName, method, url: url.href };
    onRequest(request);
    const status = answer(request);
    onLine(`EXTERNAL ${method} ${url.origin}/… was not sent: the local world answers ${status ?? 'nothing'}`);
    if (status !== undefined) return new Response(null, { status });
    throw new TypeError('fetch failed', {
      cause: Object.assign(new Error('not found'), { code: 'ENOTFOUND' }),
    });
  };
}
