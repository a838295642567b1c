/** The local world's pages: `/` and `/messages/N`. What acts is behind the links, in the deployed function. */
import type { Alert } from '../../functions/alerts/alert.ts';
import { pageHeaders } from '../../functions/console/page-layout.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import type { HttpRequest, HttpResponse } from '../functions/http.ts';
import type { World } from '../world.ts';
import type { Inbox } from './inbox.ts';
import { type Part, renderMessagePage, renderWorldPage, WORLD_PAGE_STYLE } from './world-page.ts';

/** A browser reads no more, every few seconds; how many there are is said. */
const OPEN_SHOWN = 50;
const ENDED_SHOWN = 10;
const INBOX_SHOWN = 50;

const HEADERS = pageHeaders(WORLD_PAGE_STYLE);

/**
 * @param pace  how its time passes, as an end of a sentence
 * @returns undefined for every other path
 */
export function worldPages(inbox: Inbox, operations: Operations, pace: string) {
  return async ({ method, path }: HttpRequest, world: World): Promise<HttpResponse | undefined> => {
    if (method !== 'GET') return undefined;
    const [, number] = /^\/messages\/(\d+)$/.exec(path) ?? [];
    const message = number === undefined ? undefined : inbox.byNumber(Number(number));
    if (message) return page(renderMessagePage(message, operations, world.nowMs()));
    if (path.split('?')[0] !== '/') return undefined;
    const [open, ended] = await Promise.all([list(world, false, OPEN_SHOWN), list(world, true, ENDED_SHOWN)]);
    const messages = { shown: inbox.latest(INBOX_SHOWN), total: inbox.count() };
    return page(renderWorldPage({ open, ended, messages, nowMs: world.nowMs(), operations, pace }));
  };
}

function page(body: string): HttpResponse {
  return { status: 200, headers: HEADERS, body };
}

/** Asks the deployed function, as the command line does. */
async function list(world: World, ended: boolean, limit: number): Promise<Part<Alert>> {
  const operate = world.functions.find(({ name }) => name.endsWith('-operate'));
  if (!operate) return { shown: [], total: 0 };
  const listed = await world.invoke(operate.name, { command: 'list', ended, limit });
  if (listed.kind === 'failed') throw new Error(`the alerts could not be listed: ${listed.errorMessage}`);
  const { alerts = [], total = alerts.length } = listed.payload as { alerts?: Alert[]; total?: number };
  return { shown: alerts, total };
}
