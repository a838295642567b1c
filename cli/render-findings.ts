/** What the doctor found: one line each, and below what is not well what to do. */
import { oneLine } from '../functions/alerts/describe-alert.ts';
import type { Finding } from '../functions/doctor/contract.ts';
import type { Paint } from './paint.ts';

type State = Finding['state'];

const MARKS = { ok: 'ok     ', warning: 'warning', failure: 'FAILURE' } as const satisfies Record<
  State,
  string
>;
const PAINT = { ok: 'faint', warning: 'warn', failure: 'bad' } as const satisfies Record<State, keyof Paint>;
const INDENT = ' '.repeat(MARKS.ok.length + 2);

const EXIT_OK = 0;
const EXIT_WARNING = 1;
const EXIT_FAILURE = 2;

/** What is well first, dim: the eye ends at what is to be done. */
export function renderFindings(findings: readonly Finding[], paint: Paint): string[] {
  const inOrder = (['ok', 'warning', 'failure'] as const).flatMap((state) =>
    findings.filter((finding) => finding.state === state),
  );
  return [...inOrder.flatMap((finding) => renderFinding(finding, paint)), '', describeWhole(findings)];
}

function renderFinding({ state, title, found, advice, fixed }: Finding, paint: Paint): string[] {
  const text = `${oneLine(title)}: ${oneLine(found)}`;
  if (state === 'ok') return [paint.faint(`${MARKS.ok}  ${text}`)];
  return [
    `${paint[PAINT[state]](MARKS[state])}  ${text}`,
    ...(fixed ? [`${INDENT}${paint.good('asked for anew')}: ${oneLine(fixed)}`] : []),
    ...(advice ? [`${INDENT}${oneLine(advice)}`] : []),
  ];
}

/** `14 checks: 1 failure, 2 warnings.` */
function describeWhole(findings: readonly Finding[]): string {
  const count = (state: State) => findings.filter((finding) => finding.state === state).length;
  const parts = [plural(count('failure'), 'failure'), plural(count('warning'), 'warning')].filter(
    (part) => !part.startsWith('0 '),
  );
  return `${plural(findings.length, 'check')}: ${parts.length > 0 ? parts.join(', ') : 'nothing to do'}.`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A page can be lost, or whether one can could not be checked: 2. */
export function exitCodeFor(findings: readonly Finding[]): number {
  if (findings.some(({ state, unanswered }) => state === 'failure' || unanswered)) return EXIT_FAILURE;
  return findings.some(({ state }) => state === 'warning') ? EXIT_WARNING : EXIT_OK;
}
