/** One SQS queue: delay, visibility, receive count, dead letters. Standard queues, in memory. */
import { createHash, randomUUID } from 'node:crypto';
import type { Cancel, Clock, Order } from '../clock.ts';

export type MessageAttributes = Record<string, { DataType: string; StringValue?: string }>;

export type Message = {
  id: string;
  body: string;
  attributes: MessageAttributes;
  sentMs: number;
  receives: number;
  firstReceivedMs: number | undefined;
  state: 'delayed' | 'visible' | 'in-flight';
  wake: Cancel | undefined;
};

export type Received = Message & { receiptHandle: string };

export type QueueSettings = {
  name: string;
  url: string;
  arn: string;
  visibilityMs: number;
  delayMs: number;
  /** where what waits here is written down, if the world is to survive a kill */
  journal?: Journal | undefined;
  disturb?: DisturbMessage | undefined;
};

/**
 * What a standard queue may do to a message, and mostly does not.
 * @returns how much later each of its copies can be received, in milliseconds: `[0, 5000]` is a repeated one
 */
export type DisturbMessage = (queueName: string, body: string) => readonly number[] | undefined;

/** What of a message outlives the process. */
export type Kept = Pick<Message, 'id' | 'body' | 'attributes' | 'sentMs'> & {
  /** when it can first be received, if it is delayed */
  visibleMs?: number;
};

export type Journal = {
  /** what was sent and not deleted when the last world ended */
  kept: readonly Kept[];
  sent(message: Kept): void;
  deleted(id: string): void;
};

type Sends = { send(body: string, options: { attributes: MessageAttributes; delayMs: number }): string };

export type Queue = ReturnType<typeof openQueue>;

export function openQueue(clock: Clock, settings: QueueSettings) {
  const messages = new Map<string, Message>();
  const traffic = { received: 0, deleted: 0 };
  let visible: Message[] = [];
  let onVisible: (order: Order) => void = () => undefined;
  let deadLetters: { queue: Sends; afterReceives: number } | undefined;

  const show = (message: Message, order: Order) => {
    message.state = 'visible';
    message.wake = undefined;
    visible.push(message);
    onVisible(order);
  };
  const hide = (message: Message, ms: number, state: 'delayed' | 'in-flight') => {
    message.wake?.();
    message.state = state;
    message.wake = clock.at(clock.nowMs() + ms, 'due', () => {
      if (messages.has(message.id)) show(message, 'due');
    });
  };
  const remove = (message: Message) => {
    message.wake?.();
    forget(message);
    if (message.state === 'visible') visible = visible.filter((one) => one !== message);
  };
  const forget = (message: Message) => {
    messages.delete(message.id);
    settings.journal?.deleted(message.id);
  };
  const accept = ({ visibleMs, ...kept }: Kept) => {
    const delayMs = (visibleMs ?? 0) - clock.nowMs();
    const message: Message = {
      ...kept,
      receives: 0,
      firstReceivedMs: undefined,
      state: 'delayed',
      wake: undefined,
    };
    messages.set(message.id, message);
    if (delayMs > 0) hide(message, delayMs, 'delayed');
    else show(message, 'arrival');
  };
  const ofHandle = (handle: string) => messages.get(handle.split('#')[0]!);

  for (const kept of settings.journal?.kept ?? []) accept(kept);

  return {
    ...settings,
    /** Where messages go that were received more often than that. */
    redriveTo(queue: Sends, afterReceives: number) {
      deadLetters = { queue, afterReceives };
    },
    /** Told whenever a message can be received, and whether it had been waiting for that moment. */
    consume(listener: (order: Order) => void) {
      onVisible = listener;
      if (visible.length > 0) onVisible('arrival');
    },
    send(body: string, { delayMs = settings.delayMs, attributes = {} as MessageAttributes } = {}): string {
      const sentMs = clock.nowMs();
      const [laterMs = 0, ...repeatsMs] = settings.disturb?.(settings.name, body) ?? [];
      const copy = (ms: number): Kept => {
        const one = { id: randomUUID(), body, attributes, sentMs };
        return delayMs + ms > 0 ? { ...one, visibleMs: sentMs + delayMs + ms } : one;
      };
      const kept = copy(laterMs);
      settings.journal?.sent(kept);
      accept(kept);
      for (const ms of repeatsMs) accept(copy(ms));
      return kept.id;
    },
    receive(most: number, visibilityMs = settings.visibilityMs): Received[] {
      const received: Received[] = [];
      while (received.length < most) {
        const message = visible.shift();
        if (!message) break;
        message.receives += 1;
        message.firstReceivedMs ??= clock.nowMs();
        if (deadLetters && message.receives > deadLetters.afterReceives) {
          forget(message);
          deadLetters.queue.send(message.body, { attributes: message.attributes, delayMs: 0 });
          continue;
        }
        hide(message, visibilityMs, 'in-flight');
        traffic.received += 1;
        received.push({ ...message, receiptHandle: `${message.id}#${message.receives}` });
      }
      return received;
    },
    /** A message that is gone already counts as deleted. */
    delete(handle: string): void {
      const message = ofHandle(handle);
      if (!message || handle !== `${message.id}#${message.receives}`) return;
      traffic.deleted += 1;
      remove(message);
    },
    /** @returns false when the message is not in flight */
    changeVisibility(handle: string, ms: number): boolean {
      const message = ofHandle(handle);
      if (message?.state !== 'in-flight' || handle !== `${message.id}#${message.receives}`) return false;
      hide(message, ms, 'in-flight');
      return true;
    },
    /** How many messages were received and deleted so far. */
    traffic: traffic as Readonly<typeof traffic>,
    /** Everything that waits here, in whatever state. */
    messages: (): readonly Message[] => [...messages.values()],
  };
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
