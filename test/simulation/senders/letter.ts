/** What a sender has to say in one request, and how its format writes that. */
import type { HttpRequest } from '../../../local/functions/http.ts';
import type { SentSignal } from '../run.ts';
import type { StoryEvent } from '../story.ts';

export type SenderEvent = Extract<StoryEvent, { kind: 'event' }>;

export type Letter = {
  sender: string;
  /** what of it is known to be handed over once it is taken */
  signals: readonly Omit<SentSignal, 'at'>[];
  /** @param secret  the key that the sender has when it sends */
  request(secret: string): HttpRequest;
  /** @param status  of an answer that is no 2xx */
  isSentAgainAfter(status: number): boolean;
};

export function post(path: string, body: object, headers: Record<string, string> = {}): HttpRequest {
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
