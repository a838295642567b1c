/** What SNS delivered, the latest first; kept in a file so that it outlives the world. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { DeliveredMessage } from '../aws/topics.ts';

/** So many are shown; the file has all. */
const SHOWN_MOST = 200;

export type Inbox = {
  add(message: DeliveredMessage): void;
  latest(): readonly DeliveredMessage[];
};

/** @param file  one message as JSON on each line; a last line that a kill cut short is passed over */
export function openInbox(file: string): Inbox {
  const messages = existsSync(file) ? readLines(file) : [];
  return {
    add(message) {
      appendFileSync(file, `${JSON.stringify(message)}\n`);
      messages.unshift(message);
      messages.length = Math.min(messages.length, SHOWN_MOST);
    },
    latest: () => messages,
  };
}

function readLines(file: string): DeliveredMessage[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_MOST);
  return lines.reverse().flatMap((line) => {
    try {
      return [JSON.parse(line) as DeliveredMessage];
    } catch {
      return [];
    }
  });
}
