/** One error type. Its kind says what the caller does next; one place per trigger turns kinds into answers. */

export type OpsErrorKind =
  /** fix the input: it can never succeed as it is */
  | 'rejected'
  | 'not-found'
  /** somebody was faster: read again */
  | 'conflict'
  /** back off and try again */
  | 'retry'
  /** try the next target, and write it down */
  | 'undeliverable'
  /** crash, dead-letter, page ourselves */
  | 'bug';

export class OpsError extends Error {
  override readonly name = 'OpsError';
  readonly kind: OpsErrorKind;

  /** @param message says what was received and what to do */
  constructor(kind: OpsErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/** The kind of any thrown value; what nobody classified is a bug. */
export function kindOf(error: unknown): OpsErrorKind {
  return error instanceof OpsError ? error.kind : 'bug';
}

/** A text, whatever was thrown, for who may see all of it; for a dead letter or a timeline: `reasonOf`. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** True for what neither AWS nor anybody's input is to blame for: trying again would not help. */
export function isBug(error: unknown): boolean {
  return kindOf(error) === 'bug' && !isAwsFault(error);
}

/** True for what AWS answered, or did not answer: it passes by itself, however long it lasts. */
export function isAwsFault(error: unknown): boolean {
  return error instanceof Error && '$metadata' in error;
}
