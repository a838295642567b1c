/** Reads what SNS logs of SMS that did not arrive, as a subscription of CloudWatch Logs hands it over. */
import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { redact } from '../shared/redact.ts';

/** CloudWatch Logs hands over up to 1 MB, compressed at most some twenty times. */
const UNPACKED_MOST_BYTES = 32 * 1024 * 1024;

/**
 * Why SMS to a number will fail for longer than this once, in AWS's words. All else (the phone is off, the carrier
 * is away, an unknown error) may pass: the next SMS is tried.
 * Source: SNS Developer Guide, SMS delivery failure reasons. The last two are not in it: others saw them in their logs,
 * `Sandboxed account unable to send to number.` in full (?).
 */
const LASTING = [
  'Phone number is opted out',
  'Destination is on a blocked list',
  'Phone is on a blocked list',
  'Phone has blocked SMS',
  'Invalid phone number',
  'Blocked as spam by phone carrier',
  'Phone carrier has blocked this message',
  'No quota left for account',
  'sandbox',
];

export type DeliveryReport = {
  messageId: string;
  /** for the timeline: without number */
  reason: string;
  /** the contact is not to be tried for a while */
  lasting: boolean;
};

const Logs = z.object({ messageType: z.string(), logEvents: z.array(z.object({ message: z.string() })) });

const Delivery = z.object({
  notification: z.object({ messageId: z.string() }),
  delivery: z.object({ providerResponse: z.optional(z.string()) }),
  status: z.string(),
});

/**
 * @param data  gzip in base64
 * @returns the failures, each once, and how many entries were none of SNS's
 */
export function readDeliveryReports(data: string): { reports: DeliveryReport[]; unreadable: number } {
  const text = gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: UNPACKED_MOST_BYTES }).toString();
  const { messageType, logEvents } = Logs.parse(JSON.parse(text));
  // CloudWatch Logs tries a subscription out with a CONTROL_MESSAGE.
  if (messageType !== 'DATA_MESSAGE') return { reports: [], unreadable: 0 };
  const reports = new Map<string, DeliveryReport>();
  let unreadable = 0;
  for (const { message } of logEvents) {
    const read = Delivery.safeParse(parseJson(message));
    if (!read.success) unreadable += 1;
    else if (read.data.status === 'FAILURE') {
      const { messageId } = read.data.notification;
      reports.set(messageId, {
        messageId,
        ...readResponse(read.data.delivery.providerResponse ?? 'no reason given'),
      });
    }
  }
  return { reports: [...reports.values()], unreadable };
}

function readResponse(response: string): Omit<DeliveryReport, 'messageId'> {
  const text = redact(response).slice(0, 200);
  return {
    reason: `not delivered: ${text}`,
    lasting: LASTING.some((words) => text.toLowerCase().includes(words.toLowerCase())),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
