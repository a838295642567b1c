/** How much waits in the world's queues, asked as anybody asks SQS. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';

const LOOK_EVERY_MS = 5_000;

/**
 * A world that gets too little of a processor slows the alarms down: none changes while more wait than this time brings.
 * A queue gives no order, and of one alarm's changes only one may wait at a time (traffic.ts); and a page that waits for
 * its turn behind a long due queue would be late because of this machine.
 */
const INTAKE_MOST_S = 2;
const DUE_MOST_S = 10;

export type Waiting = { intake: number; due: number };

/** @param folder  the world's data folder */
export class Queues {
  private readonly folder: string;
  /** how many waited when that was last asked, and when it was most */
  latest: Waiting = { intake: 0, due: 0 };
  most: Waiting = { intake: 0, due: 0 };

  constructor(folder: string) {
    this.folder = folder;
  }

  async both(): Promise<Waiting> {
    return { intake: await this.waiting('tocsin-intake'), due: await this.waiting('tocsin-due') };
  }

  /** Messages that can be received or are being handled; what is delayed has its time yet to come. */
  private async waiting(name: 'tocsin-intake' | 'tocsin-due'): Promise<number> {
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
    this.latest = await this.both().catch(() => this.latest);
    const { intake, due } = this.latest;
    this.most = { intake: Math.max(this.most.intake, intake), due: Math.max(this.most.due, due) };
  }

  /** @param rate  of the alarms, a second */
  isBehind(rate: number): boolean {
    return this.latest.intake > rate * INTAKE_MOST_S || this.latest.due > rate * DUE_MOST_S;
  }

  /** @returns false when something still waits after so long */
  async untilEmpty(mostMs: number): Promise<boolean> {
    const endMs = Date.now() + mostMs;
    while (Date.now() < endMs) {
      const { intake, due } = await this.both();
      if (intake + due === 0) return true;
      await sleep(LOOK_EVERY_MS);
    }
    return false;
  }
}
