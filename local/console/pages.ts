/** The local world's pages: `/` and `/messages/N`. What acts is behind the links, in the deployed function. */
import type { Alert } from '../../functions/alerts/alert.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import type { HttpRequest, HttpResponse } from '../functions/http.ts';
import type { World } from '../world.ts';
import type { Inbox } from './inbox.ts';
import { renderMessagePage, renderWorldPage } from './world-page.ts';

const ENDED_SHOWN = 10;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
};

/** @returns undefined for every other path */
export function worldPages(inbox: Inbox, operations: Operations, speed: number) {
  return async ({ method, path }: HttpRequest, world: World): Promise<HttpResponse | undefined> => {
    if (method !== 'GET') return undefined;
    const [, number] = /^\/messages\/(\d+)$/.exec(path) ?? [];
    const message = inbox.latest().find((one) => one.number === Number(number));
    if (message) return page(renderMessagePage(message, operations, world.nowMs()));
    if (path.split('?')[0] !== '/') return undefined;
    const [open, ended] = await Promise.all([list(world, false), list(world, true)]);
    const state = { open, ended, inbox: inbox.latest(), nowMs: world.nowMs() };
    return page(renderWorldPage({ ...state, operations, speed }));
  };
}

function page(body: string): HttpResponse {
  return { status: 200, headers: HEADERS, body };
}

/** Asks the deployed function, as the command line does. */
async function list(world: World, ended: boolean): Promise<Alert[]> {
  const operate = world.functions.find(({ name }) => name.endsWith('-operate'));
  if (!operate) return [];
  const limit = ended ? { limit: ENDED_SHOWN } : {};
  const listed = await world.invoke(operate.name, { command: 'list', ended, ...limit });
  if (listed.kind === 'failed') throw new Error(`the alerts could not be listed: ${listed.errorMessage}`);
  return (listed.payload as { alerts?: Alert[] }).alerts ?? [];
}
