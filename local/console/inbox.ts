/** What SNS delivered, kept in a file so that it outlives the world. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { DeliveredMessage } from '../aws/topics.ts';

/** A message with its place in the inbox: 1 is the first ever. */
export type Received = DeliveredMessage & { number: number };

export type Inbox = {
  add(message: DeliveredMessage): void;
  count(): number;
  byNumber(number: number): Received | undefined;
  /** The latest first. */
  latest(most: number): readonly Received[];
  /** What came after that number, in order. */
  since(number: number): readonly Received[];
};

/** @param file  one message as JSON on each line; a line that a kill cut short is passed over */
export function openInbox(file: string): Inbox {
  const messages = existsSync(file) ? readLines(file) : [];
  return {
    add(message) {
      appendFileSync(file, `${JSON.stringify(message)}\n`);
      messages.push({ ...message, number: messages.length + 1 });
    },
    count: () => messages.length,
    byNumber: (number) => messages[number - 1],
    latest: (most) => messages.slice(-most).reverse(),
    since: (number) => messages.slice(number),
  };
}

function readLines(file: string): Received[] {
  const text = readFileSync(file, 'utf8');
  // What comes next begins a line of its own.
  if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n');
  return text
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as DeliveredMessage];
      } catch {
        return [];
      }
    })
    .map((message, at) => ({ ...message, number: at + 1 }));
}
