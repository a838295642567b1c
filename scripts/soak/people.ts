/** Those who are paged in the soak: two of three messages are acknowledged, by the link in them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { InboxMessage } from './kept-rows.ts';

const LOOK_EVERY_MS = 10_000;

type Numbered = InboxMessage & { number: number };

export class People {
  answers = 0;
  private isEnded = false;
  private seen = 0;

  private readonly url: () => string;

  constructor(url: () => string) {
    this.url = url;
  }

  async run(): Promise<void> {
    while (!this.isEnded) {
      await sleep(LOOK_EVERY_MS);
      // Nobody is there while the world is being started; what is missed is looked at the next time.
      await this.look().catch(() => undefined);
    }
  }

  end(): void {
    this.isEnded = true;
  }

  private async look(): Promise<void> {
    const answer = await fetch(new URL(`/world/inbox?since=${this.seen}`, this.url()));
    const messages = (await answer.json()) as Numbered[];
    for (const { number, channel, body } of messages) {
      const path = /http:\/\/\S+(\/a\/[\w-]+)/.exec(body)?.[1];
      if (channel === 'sms' && path && number % 3 !== 0) {
        const pressed = await fetch(new URL(path, this.url()), {
          method: 'POST',
          redirect: 'manual',
          body: new URLSearchParams({ action: 'acknowledge' }),
        });
        if (pressed.status < 400) this.answers += 1;
      }
      this.seen = number;
    }
  }
}
