/** What our functions published, and of which alerts each message tells: by the link in its text. */
import { linkHash } from '../../functions/shared/table.ts';
import type { SdkCall } from '../../local/aws/gate.ts';
import type { DeliveredMessage } from '../../local/aws/topics.ts';
import type { Publish, Row, Run } from './run.ts';

type Procedures = Run['procedures'];
type Told = Pick<Publish, 'alerts' | 'isStorm'>;

const LINK = /\/a\/([\w-]{22})/;

/** @param items  every row at the end: links are kept for a year */
export function readPublishes(
  calls: readonly SdkCall[],
  items: readonly Row[],
  procedures: Procedures,
): Publish[] {
  const links = readLinks(items);
  return calls
    .filter(({ service, action }) => service === 'sns' && action === 'Publish')
    .map((call) => {
      const body = String(call.input.Message);
      const token = LINK.exec(body)?.[1];
      return {
        n: call.n,
        at: call.at,
        ...(call.performedAt !== undefined && { takenAt: call.performedAt }),
        function: call.function ?? 'outside',
        requestId: call.requestId,
        ...contactOf(call, procedures),
        ...((token && links.get(linkHash(token))) || { alerts: [], isStorm: false }),
        body,
      };
    });
}

/** By the hash of each link's token. */
export function readLinks(items: readonly Row[]): ReadonlyMap<string, Told> {
  return new Map(
    items
      .filter(({ sk }) => sk === 'link')
      .map(({ pk, alerts, storm }) => [
        pk.slice('link#'.length),
        { alerts: alerts as Told['alerts'], isStorm: storm !== undefined },
      ]),
  );
}

/** Who has that phone or email, under any of the procedures. */
export function whoHas({ channel, to }: DeliveredMessage, procedures: Procedures): string | undefined {
  for (const { operations } of procedures) {
    for (const [key, { phone, email }] of Object.entries(operations.responders)) {
      if (to === (channel === 'sms' ? phone : email)) return key;
    }
  }
  return undefined;
}

function contactOf({ input }: SdkCall, procedures: Procedures): Pick<Publish, 'responder' | 'channel'> {
  if (input.PhoneNumber !== undefined) {
    const to = String(input.PhoneNumber);
    const sms = { at: 0, channel: 'sms' as const, to, body: '', delivered: true };
    return { responder: whoHas(sms, procedures) ?? to, channel: 'sms' };
  }
  const topic = String(input.TopicArn).split(':').at(-1)!;
  const [, responder] = /-responder-(.+)$/.exec(topic) ?? [];
  return responder ? { responder, channel: 'email' } : { responder: 'watchers', channel: 'topic' };
}
