/** How much waits in the world's queues, asked as anybody asks SQS. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';

const LOOK_EVERY_MS = 5_000;

/** @param folder  the world's data folder */
export class Queues {
  private readonly folder: string;
  /** how many signals waited when that was last asked, and when it was most */
  latest = 0;
  most = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Messages that can be received or are being handled; what is delayed has its time yet to come. */
  async waiting(name: 'tocsin-intake' | 'tocsin-due'): Promise<number> {
    const { endpoint } = JSON.parse(readFileSync(join(this.folder, 'world.json'), 'utf8')) as {
      endpoint: string;
    };
    const client = new SQSClient({
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'soak', secretAccessKey: 'soak' },
    });
    try {
      const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      return (
        Number(Attributes.ApproximateNumberOfMessages) +
        Number(Attributes.ApproximateNumberOfMessagesNotVisible)
      );
    } finally {
      client.destroy();
    }
  }

  /** What cannot be reached is being started again; what waited then waits still. */
  async look(): Promise<void> {
    this.latest = await this.waiting('tocsin-intake').catch(() => this.latest);
    this.most = Math.max(this.most, this.latest);
  }

  /** @returns false when something still waits after so long */
  async untilEmpty(mostMs: number): Promise<boolean> {
    const endMs = Date.now() + mostMs;
    while (Date.now() < endMs) {
      if ((await this.waiting('tocsin-intake')) + (await this.waiting('tocsin-due')) === 0) return true;
      await sleep(LOOK_EVERY_MS);
    }
    return false;
  }
}
