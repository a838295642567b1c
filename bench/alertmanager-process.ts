/** Prometheus Alertmanager in a process of its own, and the webhook receiver that it notifies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { monotonicMs } from './figure.ts';

/** Where Debian's package puts it. */
const BINARY = '/usr/bin/prometheus-alertmanager';

export function isInstalled(): boolean {
  return existsSync(BINARY);
}

/** One alert as its API takes it. Source: Alertmanager's OpenAPI, v2, postableAlert */
export type PostedAlert = {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
};

/** One request of it to the receiver. */
export type Notification = { atMs: number; alerts: number };

export class Alertmanager {
  readonly notifications: Notification[] = [];
  private readonly process: ChildProcess;
  private readonly receiver: Server;
  private readonly url: string;

  private constructor(process: ChildProcess, receiver: Server, url: string) {
    this.process = process;
    this.receiver = receiver;
    this.url = url;
  }

  /**
   * Without a cluster, and as fast as it can be told to be: no group waits.
   * @param folder   for its configuration and its files
   * @param groupBy  labels; `...` makes each alert a group of its own
   */
  static async start(folder: string, groupBy: string): Promise<Alertmanager> {
    const receiver = createServer().listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    // Its own files each time: it remembers whom it has told of what.
    const own = mkdtempSync(join(folder, 'alertmanager-'));
    const config = join(own, 'alertmanager.yml');
    writeFileSync(config, configuration(groupBy, portOf(receiver)));
    const address = `127.0.0.1:${await freePort()}`;
    const process = spawn(
      BINARY,
      [
        `--config.file=${config}`,
        `--storage.path=${own}`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    const alertmanager = new Alertmanager(process, receiver, `http://${address}`);
    receiver.on('request', (request, response) => {
      const atMs = monotonicMs();
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { alerts } = JSON.parse(Buffer.concat(chunks).toString()) as { alerts: unknown[] };
        alertmanager.notifications.push({ atMs, alerts: alerts.length });
        response.end();
        receiver.emit('notified');
      });
    });
    await alertmanager.untilReady();
    return alertmanager;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  async post(alerts: readonly PostedAlert[]): Promise<void> {
    const answer = await fetch(`${this.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
  }

  /** @returns when the notification of that number came, 0 being the first */
  async notified(number: number): Promise<number> {
    while (this.notifications.length <= number) await once(this.receiver, 'notified');
    return this.notifications[number]!.atMs;
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill();
    await ended;
    this.receiver.closeAllConnections();
    this.receiver.close();
  }

  private async untilReady(): Promise<void> {
    while (this.process.exitCode === null) {
      const answer = await fetch(`${this.url}/-/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await pause(50);
    }
    throw new Error(`Alertmanager ended with ${this.process.exitCode}`);
  }
}

function configuration(groupBy: string, receiverPort: number): string {
  return [
    'route:',
    '  receiver: bench',
    `  group_by: ['${groupBy}']`,
    '  group_wait: 0s',
    '  group_interval: 5m',
    'receivers:',
    '  - name: bench',
    '    webhook_configs:',
    `      - url: http://127.0.0.1:${receiverPort}/`,
    '        send_resolved: false',
    '',
  ].join('\n');
}

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createSocket().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}
