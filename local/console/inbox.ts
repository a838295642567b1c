/** What SNS delivered, the latest first; kept in a file so that it outlives the world. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { DeliveredMessage } from '../aws/topics.ts';

/** So many are shown; the file has all. */
const SHOWN_MOST = 200;

/** A message with its place in the inbox: 1 is the first ever. */
export type Received = DeliveredMessage & { number: number };

export type Inbox = {
  add(message: DeliveredMessage): void;
  latest(): readonly Received[];
};

/** @param file  one message as JSON on each line; a last line that a kill cut short is passed over */
export function openInbox(file: string): Inbox {
  const messages = existsSync(file) ? readLines(file) : [];
  let count = messages[0]?.number ?? 0;
  return {
    add(message) {
      count += 1;
      appendFileSync(file, `${JSON.stringify(message)}\n`);
      messages.unshift({ ...message, number: count });
      messages.length = Math.min(messages.length, SHOWN_MOST);
    },
    latest: () => messages,
  };
}

function readLines(file: string): Received[] {
  const received = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, n) => {
      try {
        return [{ ...(JSON.parse(line) as DeliveredMessage), number: n + 1 }];
      } catch {
        return [];
      }
    });
  return received.slice(-SHOWN_MOST).reverse();
}
