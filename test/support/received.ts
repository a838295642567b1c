/** Reads a message as the person who received it would: what it is about, and where its link leads. */
import type { DeliveredMessage } from '../../local/aws/topics.ts';
import { fourLevels } from './teams.ts';

const NAMES = new Map(
  Object.entries(fourLevels.responders).flatMap(([key, { email, phone }]) => [
    [email, key],
    [phone, key],
  ]),
);

const LINK = /https?:\/\/[^/\s]+(\/a\/[\w-]+)/;

/** What the message is, and to whom: `level 2 ben`, `notice ana`, `bundle of 29 ana`, `watchers dan`. */
export function readMessage({ to, topic, subject, body }: DeliveredMessage): { what: string; path: string } {
  const name = NAMES.get(to) ?? to;
  const path = LINK.exec(body)?.[1] ?? '';
  if (topic === 'tocsin-watchers') return { what: `watchers ${name}`, path };
  const headline = subject ?? body.split('\n')[0]!;
  const kind = /\d+ alerts/.test(headline)
    ? `bundle of ${/(\d+) alerts/.exec(headline)![1]}`
    : /acknowledged, not resolved|acked, unresolved/.test(headline)
      ? 'reminder'
      : /resolved:/.test(headline)
        ? 'notice'
        : `level ${/^\w+ L(\d)/.exec(headline)?.[1] ?? 1}`;
  return { what: `${kind} ${name}`, path };
}
