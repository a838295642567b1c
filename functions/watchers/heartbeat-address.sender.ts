/** The external heartbeat: an address that somebody outside watches. It is a secret, and stands in no log. */

/** Nothing waits for it, and nothing is to. */
const TIMEOUT_MS = 5_000;

export type HeartbeatAddress = {
  /** @returns why it failed, without the address; undefined when it was taken, or there is none */
  ping(): Promise<string | undefined>;
};

type Fetch = (
  url: string,
  init: { method: 'GET'; redirect: 'manual'; signal: AbortSignal },
) => Promise<{ ok: boolean; status: number }>;

/** @param url  of `operations.watchers`; absent: there is none */
export function heartbeatAddress(url: string | undefined, fetch: Fetch): HeartbeatAddress {
  return {
    async ping() {
      if (url === undefined) return undefined;
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
      try {
        const { ok, status } = await fetch(url, { method: 'GET', redirect: 'manual', signal: abort.signal });
        return ok ? undefined : `it answered ${status}`;
      } catch (error) {
        return whyFailed(error);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** The message may hold the address; the name and the code of the cause do not. */
function whyFailed(error: unknown): string {
  if (!(error instanceof Error)) return 'it could not be called';
  const code = (error.cause as { code?: unknown } | undefined)?.code;
  if (error.name === 'AbortError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  return `it could not be called: ${error.name}${typeof code === 'string' ? ` ${code}` : ''}`;
}
