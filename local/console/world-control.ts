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
  /** only of a stepped clock: moves it, in its turn, to what follows from the time by then */
  advance?: ((until: (nowMs: number) => number) => Promise<void>) | undefined;
};

type Surroundings = { inbox: Inbox; time: WorldTime };

const Advance = z.strictObject({ advance: z.string() });
const MoveTo = z.strictObject({ to: z.iso.datetime() });
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
      const until = readUntil(bodyOf(request));
      if (!time.advance)
        throw new OpsError('rejected', 'time passes by itself here: start with --clock stepped');
      await time.advance(until);
      return clock(world, time);
    });
  };
}

/** @throws OpsError `rejected`, or what zod says, for anything but a duration or a moment to come */
function readUntil(body: unknown): (nowMs: number) => number {
  if (!('to' in Object(body))) {
    const ms = parseDuration(Advance.parse(body).advance, 'advance');
    return (nowMs) => nowMs + ms;
  }
  const { to } = MoveTo.parse(body);
  return (nowMs) => {
    if (Date.parse(to) >= nowMs) return Date.parse(to);
    throw new OpsError('rejected', `it is ${iso(nowMs)}: there is no way back to ${to}`);
  };
}

async function answer(example: unknown, take: () => unknown): Promise<HttpResponse> {
  try {
    return json(200, await take());
  } catch (error) {
    if (error instanceof z.ZodError) return json(400, { message: z.prettifyError(error), send: example });
    if (error instanceof OpsError) return json(400, { message: error.message, send: example });
    return json(500, { message: `the local world failed: ${messageOf(error)}` });
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
