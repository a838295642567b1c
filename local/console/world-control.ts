/** `/world/…`: what happens around the installation, let happen over HTTP. None of it exists on AWS. */
import * as z from 'zod';
import { parseDuration } from '../../cli/duration.ts';
import { messageOf, OpsError } from '../../functions/shared/errors.ts';
import type { HttpRequest, HttpResponse } from '../functions/http.ts';
import type { World } from '../world.ts';
import type { Inbox } from './inbox.ts';
import { CHANGES } from './world-changes.ts';

/** How the world's time passes. */
export type WorldTime = {
  clock: 'real' | 'stepped';
  speed: number;
  /** only of a stepped clock */
  advanceTo?: (untilMs: number) => Promise<void>;
};

type Surroundings = { inbox: Inbox; time: WorldTime };

const ClockBody = z.union([
  z.strictObject({ advance: z.string() }),
  z.strictObject({ to: z.iso.datetime() }),
]);
const CLOCK_EXAMPLE = { advance: '15m' };

/** @returns undefined for every path that is not the world's */
export function worldControl(around: Surroundings) {
  return async (request: HttpRequest, world: World): Promise<HttpResponse | undefined> => {
    const url = new URL(request.path, 'http://world');
    if (!url.pathname.startsWith('/world/')) return undefined;
    if (request.method === 'GET' && url.pathname === '/world/clock')
      return json(200, clock(world, around.time));
    if (request.method === 'GET' && url.pathname === '/world/inbox') return readInbox(url, around.inbox);
    const change = request.method === 'POST' ? CHANGES[url.pathname] : undefined;
    if (!change)
      return json(404, { message: `there is no ${request.method} ${url.pathname}: see local/README.md` });
    return answer(change.example, () => change.take(bodyOf(request), world));
  };
}

/**
 * `POST /world/clock`: apart from the rest, because everything else waits until the clock stands again.
 * @returns undefined for every other request
 */
export function clockControl(time: WorldTime) {
  return async (request: HttpRequest, world: World): Promise<HttpResponse | undefined> => {
    if (request.method !== 'POST' || request.path !== '/world/clock') return undefined;
    return answer(CLOCK_EXAMPLE, async () => {
      const body = bodyOf(request);
      if (!time.advanceTo)
        throw new OpsError('rejected', 'time passes by itself here: start with --clock stepped');
      const untilMs =
        'to' in Object(body)
          ? Date.parse(MoveTo.parse(body).to)
          : world.nowMs() + parseDuration(Advance.parse(body).advance, 'advance');
      if (untilMs < world.nowMs())
        throw new OpsError('rejected', `it is ${iso(world.nowMs())}: no way back to ${iso(untilMs)}`);
      await time.advanceTo(untilMs);
      return clock(world, time);
    });
  };
}

async function answer(example: unknown, take: () => unknown): Promise<HttpResponse> {
  try {
    return json(200, await take());
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    return json(400, { message, send: example });
  }
}

function readInbox({ searchParams }: URL, inbox: Inbox): HttpResponse {
  const since = Number(searchParams.get('since') ?? 0);
  if (!Number.isInteger(since) || since < 0)
    return json(400, { message: 'since is the number of the last message that you have', send: '?since=12' });
  return json(200, inbox.since(since));
}

function clock(world: World, { clock: kind, speed }: WorldTime) {
  return { nowMs: world.nowMs(), now: iso(world.nowMs()), clock: kind, speed };
}

/**
 * A page elsewhere may make a browser post here, but not JSON.
 * @throws OpsError `rejected` for anything else
 */
function bodyOf({ headers, body }: HttpRequest): unknown {
  if (!/^application\/json\b/.test(headers['content-type'] ?? ''))
    throw new OpsError('rejected', 'content-type: application/json is wanted');
  try {
    return JSON.parse(body);
  } catch {
    throw new OpsError('rejected', 'the body is no JSON');
  }
}

function json(status: number, body: unknown): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
