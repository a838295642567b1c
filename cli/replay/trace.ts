/** A metric trace: `timestamp,value` in UTC, one data point a row. */
import { readFile } from 'node:fs/promises';
import { messageOf, OpsError } from '../../functions/shared/errors.ts';

export type TraceRow = { at: number; value: number };

const HEADER = 'timestamp,value';

/** `2014-02-14 14:27:00`, `2014-02-14T14:27:00Z`, `2014-02-14T14:27:00.000+00:00`; no offset means UTC. */
const TIMESTAMP =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const MINUTE_MS = 60_000;
const NAMED_MOST = 20;
const QUOTED_MOST = 80;

/** @throws OpsError `rejected` when the file cannot be read, or is no trace */
export async function loadTrace(path: string): Promise<TraceRow[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new OpsError('rejected', `cannot read the trace ${path}: ${reasonOf(error)}`, { cause: error });
  }
  return parseTrace(text, path);
}

/**
 * Reads the rows of a trace, in file order.
 * @param name  of the file, for messages
 * @throws OpsError `rejected`, naming each bad line and what stands there
 */
export function parseTrace(text: string, name: string): TraceRow[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r\n|\n|\r/);
  const header = lines[0]!.trim();
  if (header.toLowerCase().replace(/\s/g, '') !== HEADER) {
    const found = header === '' ? 'is empty' : `starts with ${quote(header)}`;
    throw new OpsError('rejected', `${name} ${found}; a trace starts with the line ${HEADER}`);
  }

  const rows: TraceRow[] = [];
  const mistakes: string[] = [];
  lines.slice(1).forEach((line, i) => {
    const row = parseRow(line);
    const before = rows.at(-1);
    if (typeof row === 'string') {
      mistakes.push(`line ${i + 2}: ${quote(line)}: ${row}`);
    } else if (before && row.at < before.at) {
      mistakes.push(`line ${i + 2}: ${quote(line)}: earlier than the row before it; sort the rows by time`);
    } else {
      rows.push(row);
    }
  });
  if (mistakes.length > 0) throw new OpsError('rejected', listMistakes(name, mistakes));
  if (rows.length === 0) throw new OpsError('rejected', `${name} has no data points, only its first line`);
  return rows;
}

/** The row, or what is wrong with it. */
function parseRow(line: string): TraceRow | string {
  const fields = line.split(',').map((field) => field.trim());
  if (fields.length !== 2) return `${fields.length} column${fields.length === 1 ? '' : 's'} instead of 2`;
  const [timestamp, number] = fields as [string, string];
  const at = parseTimestamp(timestamp);
  if (at === undefined) return 'no timestamp; write it like 2014-02-14 14:27:00, in UTC';
  const value = NUMBER.test(number) ? Number(number) : Number.NaN;
  if (!Number.isFinite(value)) return 'the value is no number';
  return { at, value };
}

function parseTimestamp(text: string): number | undefined {
  const match = TIMESTAMP.exec(text);
  if (!match) return undefined;
  const [, day, time, seconds = '00', fraction = '', zone = 'Z'] = match;
  const wall = `${day}T${time}:${seconds}.${fraction.padEnd(3, '0')}Z`;
  const wallMs = Date.parse(wall);
  // Round trip: a date parser takes 30 February for 2 March.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString() !== wall) return undefined;
  const at = wallMs - offsetMs(zone);
  return at > 0 ? at : undefined;
}

function offsetMs(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS : 0;
}

function listMistakes(name: string, mistakes: readonly string[]): string {
  const rest = mistakes.length - NAMED_MOST;
  const count = mistakes.length === 1 ? 'a bad row' : `${mistakes.length} bad rows`;
  return [
    `${name} has ${count}:`,
    ...mistakes.slice(0, NAMED_MOST),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ].join('\n  ');
}

/** What stands there, on one line, whatever it is. */
function quote(text: string): string {
  return JSON.stringify(text.length > QUOTED_MOST ? `${text.slice(0, QUOTED_MOST)}…` : text);
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'you are not allowed to read it',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? messageOf(error);
}
