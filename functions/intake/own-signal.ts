/** What our own functions put into the intake queue: signals of senders, of the command line, and of Tocsin itself. */
import * as z from 'zod/mini';
import { wellFormed } from './cut-text.ts';
import { type Reading, rejected } from './reading.ts';
import { Acknowledgement, LABELS_MOST, Signal, type SignalState } from './signal.ts';
import { boundDetail } from './signal-detail.ts';

export type OwnMessage = { signal: Signal } | { acknowledge: Acknowledgement };

const Envelope = z.object({
  tocsin: z.union([z.object({ signal: Signal }), z.object({ acknowledge: Acknowledgement })]),
});

/**
 * Whoever writes a message cuts what it holds, so whatever has more than this was damaged on its way, and would make an
 * alert that no table takes: 40 labels have 15 KB, an address 6, keys and names 3.
 * Source: docs/adr, the item stays under 64 KB
 */
const TEXT_BYTES_MOST = 32 * 1024;
const DETAIL_BYTES_MOST = 8 * 1024;

/** The last moment of year 9999: beyond it no date can be written. */
const MOMENT_MOST = Date.UTC(10_000, 0) - 1;

/** As JSON; the two characters that it leaves as they are, and SQS takes in no message, are written as escapes. */
export function writeOwnMessage(message: OwnMessage): string {
  const text = JSON.stringify({ tocsin: message } satisfies z.infer<typeof Envelope>);
  return text.replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

export function readOwnMessage(body: unknown): Reading {
  const parsed = z.safeParse(Envelope, body, { reportInput: true });
  if (!parsed.success) return rejected('a message of our own', parsed.error.issues);
  const { tocsin } = parsed.data;
  const unfit = whyUnfit('signal' in tocsin ? tocsin.signal : tocsin.acknowledge);
  if (unfit) return rejected('a message of our own', unfit);
  return 'signal' in tocsin
    ? { kind: 'signal', signal: tocsin.signal }
    : { kind: 'acknowledge', ...tocsin.acknowledge };
}

/**
 * A warning of Tocsin itself, or its end.
 * @param news.key  what it speaks of, such as `sender:grafana`; the same one is the same alert
 * @param news.at   since when, in epoch milliseconds: told again with the same moment it changes nothing
 */
export function tocsinSignal(news: {
  key: string;
  state: SignalState;
  at: number;
  title: string;
  description?: string | undefined;
  labels?: Record<string, string> | undefined;
}): Signal {
  const { key, state, at, title, description, labels } = news;
  return {
    dedupKey: `tocsin:${key}`,
    source: { kind: 'tocsin', key },
    state,
    at,
    detail: boundDetail({ title, description }),
    severity: 'warning',
    labels,
  };
}

/** What no writer of ours would have written, though it is of the right types; undefined when there is nothing. */
function whyUnfit(said: Signal | Acknowledgement): string | undefined {
  const all = textsOf(said);
  const halved = all.find(([, text]) => wellFormed(text) !== text);
  if (halved) return `${halved[0]} has half a character, which has no UTF-8`;
  const bytes = bytesOf(all);
  if (bytes > TEXT_BYTES_MOST) return `its texts have ${bytes} bytes, not at most ${TEXT_BYTES_MOST}`;
  const detail = 'detail' in said ? bytesOf(textsOf(said.detail)) : 0;
  if (detail > DETAIL_BYTES_MOST) return `detail has ${detail} bytes, not at most ${DETAIL_BYTES_MOST}`;
  const labels = Object.keys(said.labels ?? {}).length;
  if (labels > LABELS_MOST) return `labels are ${labels}, not at most ${LABELS_MOST}`;
  const moments = { at: said.at, heardAt: 'heardAt' in said ? said.heardAt : undefined };
  const [odd] = Object.entries(moments).filter(([, at = 0]) => at < 0 || at > MOMENT_MOST);
  return odd && `${odd[0]} is ${odd[1]}, not epoch milliseconds from 1970 to 9999`;
}

/** Every text within, names of fields too, each with where it stands. */
function textsOf(value: unknown, path: readonly string[] = []): [where: string, text: string][] {
  if (typeof value === 'string') return [[path.join('.') || 'it', value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]): [string, string][] => [
    [`a name in ${path.join('.') || 'it'}`, name],
    ...textsOf(one, [...path, name]),
  ]);
}

function bytesOf(texts: readonly [where: string, text: string][]): number {
  return texts.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
}
