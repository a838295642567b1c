/** Dead letters that can be read by now go back to their queue; the others stay where they are seen. */
import { readSignal } from '../intake/read-signal.ts';
import { reportOf } from '../paging/delivery-report.queue.ts';
import { readKey } from '../shared/table.ts';

const HOUR_MS = 3_600_000;

export type Letter = {
  body: string;
  /** since when it is dead, in epoch milliseconds */
  sentAt: number;
  receipt: string;
  /** the code that failed on it, when our own gave it up */
  failedOn?: string | undefined;
};

/** A dead-letter queue, and the queue that it belongs to. */
export type LetterBox = {
  /** Takes out what there is, up to a hundred; what is neither sent home nor put back comes back by itself. */
  take(): Promise<Letter[]>;
  /** A crash in the middle doubles it, which a signal and a due row bear. */
  sendHome(letter: Letter): Promise<void>;
  putBack(letters: readonly Letter[]): Promise<void>;
};

/** `recent`: how many were dead for less than an hour. */
export type Redriven = { sentHome: number; kept: number; recent: number };

/** @param codeVersion  of what reads signals now: what it has failed on is not given to it again */
export async function redriveLetters(
  boxes: { intake: LetterBox; due: LetterBox },
  codeVersion: string,
  nowMs: number,
): Promise<Redriven> {
  const intake = await redrive(
    boxes.intake,
    ({ body, failedOn }) => failedOn !== codeVersion && readSignal(body).kind !== 'rejected',
    nowMs,
  );
  const due = await redrive(boxes.due, ({ body }) => isDue(body), nowMs);
  return {
    sentHome: intake.sentHome + due.sentHome,
    kept: intake.kept + due.kept,
    recent: intake.recent + due.recent,
  };
}

async function redrive(
  box: LetterBox,
  isReadable: (letter: Letter) => boolean,
  nowMs: number,
): Promise<Redriven> {
  const letters = await box.take();
  const readable = letters.filter(isReadable);
  const kept = letters.filter((letter) => !readable.includes(letter));
  for (const letter of readable) await box.sendHome(letter);
  await box.putBack(kept);
  const recent = letters.filter(({ sentAt }) => nowMs - sentAt < HOUR_MS).length;
  return { sentHome: readable.length, kept: kept.length, recent };
}

/** The row is read again when it is taken: one that has moved on is nothing to do. So is a report that was taken. */
function isDue(body: string): boolean {
  try {
    const message: unknown = JSON.parse(body);
    if (reportOf(message)) return true;
    const { pk, sk, dueAt } = Object(message) as Record<string, unknown>;
    if (typeof pk !== 'string' || typeof sk !== 'string' || typeof dueAt !== 'number') return false;
    return readKey({ pk, sk }).kind !== 'unknown';
  } catch {
    return false;
  }
}
