/** The part of docs/cost.md that `npm run cost -- --write` writes. */
import { OpsError } from '../../functions/shared/errors.ts';

export const BEGIN =
  '<!-- Written by `npm run cost -- --write`, down to the end mark: change the data, not this. -->';
export const END = '<!-- end of what the command wrote -->';

/** @throws OpsError `rejected` when the marks are not there */
export function replaceBlock(document: string, text: string): string {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  if (from < 0 || to < from)
    throw new OpsError(
      'rejected',
      `docs/cost.md has no lines "${BEGIN}" and "${END}": put them where the tables go`,
    );
  return `${document.slice(0, from + BEGIN.length)}\n\n${text}\n\n${document.slice(to)}`;
}
