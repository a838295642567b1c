/** The person paged first, who answers by the link in the message: what `--ack-after` plays. */
import { Link } from '../../functions/paging/link.store.ts';
import { OpsError } from '../../functions/shared/errors.ts';
import { keys } from '../../functions/shared/table.ts';
import type { Item } from '../../local/dynamodb/attribute-value.ts';
import type { VirtualWorld } from '../../local/virtual-world.ts';
import { toPlain } from './read-table.ts';

const TOKEN = /\/a\/([\w-]+)/;

/** Whoever had an alert's first message, and the moment of the latest answer, given or to come. */
type First = { responder: string; acknowledged: boolean; answersAt?: number };

/**
 * Acknowledges each alert so long after its first page, and then whatever reminds of it at once.
 * @param table  its name, where a link says whose it is
 */
export function playResponder(world: VirtualWorld, table: string, ackAfterMs: number): void {
  const firsts = new Map<string, First>();

  const answer = (first: First, token: string, atMs: number): void => {
    // A reminder comes by SMS and by email: one answer does for both.
    if (first.answersAt === atMs) return;
    first.answersAt = atMs;
    world.at(atMs, async () => {
      first.acknowledged = true;
      await acknowledge(world, token);
    });
  };

  world.onMessage((message) => {
    const token = TOKEN.exec(message.body)?.[1];
    const link = token && readLink(world, table, token);
    if (!link) return;
    for (const { id, openedAt } of link.alerts) {
      const life = `${id} ${openedAt}`;
      const first = firsts.get(life);
      if (!first) {
        const newcomer = { responder: link.responder, acknowledged: false };
        firsts.set(life, newcomer);
        answer(newcomer, token, message.at + ackAfterMs);
      } else if (first.acknowledged && first.responder === link.responder) {
        answer(first, token, message.at);
      }
    }
  });
}

function readLink(world: VirtualWorld, table: string, token: string): Link | undefined {
  const { pk, sk } = keys.link(token);
  const { body } = world.tables.handle('GetItem', {
    TableName: table,
    Key: { pk: { S: pk }, sk: { S: sk } },
  });
  const { Item: item } = body as { Item?: Item };
  return item && Link.parse(toPlain(item));
}

/** What the button does. A link to an alert that has resolved is refused plainly, and that is all right. */
async function acknowledge(world: VirtualWorld, token: string): Promise<void> {
  const { status } = await world.request({
    method: 'POST',
    path: `/a/${token}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'action=acknowledge',
  });
  if (status >= 500) throw new OpsError('bug', `the answer page failed with status ${status}`);
}
