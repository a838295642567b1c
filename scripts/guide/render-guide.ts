/** The guide to operations.ts: each option with what it takes, its default, its meaning and an example. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// That it loads proves it: the guide's examples are its parts.
import '../../examples/full.ts';
import {
  BOTH_CHANNELS,
  ESCALATION,
  FORGOTTEN_MINUTES,
  QUIET_MINUTES,
  WEEKLY_WINDOW,
} from '../../functions/operations/defaults.ts';
import { defineOperations } from '../../functions/operations/define-operations.ts';
import { messageOf } from '../../functions/shared/errors.ts';
import { PROJECT } from '../../lib/bundles.ts';
import { type Option, readOptions } from './read-options.ts';

/** The guide, relative to the project. */
export const GUIDE = 'docs/operations.md';

const TYPES = 'functions/operations/operations-input.ts';
const EXAMPLE = 'examples/full.ts';

/** A file with as many mistakes as fit: what `defineOperations` says of it is the guide's last part. */
const MISTAKEN = {
  responders: { ana: { email: 'ana@example.com', phone: '0170 1234567' }, ben: { name: 'Ben' } },
  schedules: { operations: ['ana', 'bne'] },
  levels: [['operations'], ['senior']],
  escalation: {
    critical: {
      steps: [
        { level: 1, afterMinutes: 5 },
        { level: 3, afterMinutes: 15 },
      ],
    },
  },
  services: { checkout: { runbook: 'wiki/checkout' } },
  routes: [{ match: { alarmname: 'checkout-*' }, service: 'chekout', severity: 'high' }],
  maintenance: [{ zone: 'Berlin', from: '2:00' }],
  quietMinutes: 2.5,
};

/** The defaults that are one value: the docstrings say them too, and must not say another. */
const DEFAULTS: Record<string, unknown> = {
  'escalation.SEVERITY.steps[].channels': BOTH_CHANNELS,
  'maintenance[].days': WEEKLY_WINDOW.days,
  'maintenance[].from': WEEKLY_WINDOW.from,
  'maintenance[].to': WEEKLY_WINDOW.to,
  quietMinutes: QUIET_MINUTES,
  forgottenMinutes: FORGOTTEN_MINUTES,
};

/** Names that the values of the tables below may refer to. */
const NAMED = { responders: { ana: { email: 'ana@example.com' } }, services: { checkout: {} } };

/** Which key stands for any name in a record, by the record. */
const SOME_NAME: Record<string, string> = { responders: 'ana', services: 'checkout' };

/** @throws Error when an option has no docstring or no example, another default, or when the schema does not know it */
export function renderGuide(): string {
  const example = readFileSync(join(PROJECT, EXAMPLE), 'utf8');
  const code = readExample(example);
  const options = readOptions(readFileSync(join(PROJECT, TYPES), 'utf8'), 'OperationsInput');
  const parts = options.map((option) => {
    const rows = rowsOf(option, '', []);
    for (const row of rows) check(row, example);
    return renderSection(option, rows, code.get(option.name));
  });
  return `${[INTRODUCTION, ...parts, renderMistakes()].join('\n\n')}\n`;
}

const INTRODUCTION = `# operations.ts

<!-- Written by \`npm run guide\` from the types, the schema and examples/full.ts: change those. -->

A team's procedures are one typed file. Only \`responders\` is required; everything else has a default, from the
operational procedures. A mistake in the file stops \`npm start\`, \`npm run synth\` and \`npm run deploy\` before they do
anything; in your own CDK app it stops the synthesis.

\`\`\`ts
import { defineOperations } from 'tocsin'; // in a checkout: '../functions/operations/define-operations.ts'

export default defineOperations({
  responders: {
    ana: { email: 'ana@example.com', phone: '+12025550101' },
    ben: { email: 'ben@example.com', phone: '+12025550102' },
  },
});
\`\`\`

The examples below are the parts of one file, [\`examples/full.ts\`](../examples/full.ts). \`NAME\` stands for a name that you
choose, \`[]\` for each entry of a list.`;

function renderSection(option: Option, rows: readonly Row[], code = ''): string {
  const table = [
    '| option | takes | default | meaning |',
    '|---|---|---|---|',
    ...rows.map(
      ({ name, takes, byDefault, meaning }) =>
        `| \`${name}\` | ${cell(takes)} | ${cell(byDefault)} | ${cell(meaning)} |`,
    ),
  ];
  const more = option.name === 'escalation' ? ['', ...renderEscalation()] : [];
  return [`## ${option.name}`, '', ...table, ...more, '', '```ts', code, '```'].join('\n');
}

type Row = { key: string; name: string; takes: string; byDefault: string; meaning: string };

function rowsOf(option: Option, before: string, path: readonly (string | number)[]): Row[] {
  const name = `${before}${option.name}`;
  const here = [...path, option.name];
  const row = {
    key: option.name,
    name,
    takes: whatItTakes(here),
    byDefault: option.required ? 'required' : (option.byDefault ?? 'none'),
    meaning: option.meaning,
  };
  const within = {
    '': [],
    '[]': [0],
    '.NAME': [SOME_NAME[option.name] ?? 'name'],
    '.SEVERITY': ['critical'],
  }[option.within]!;
  return [
    row,
    ...option.options.flatMap((inner) => rowsOf(inner, `${name}${option.within}.`, [...here, ...within])),
  ];
}

function check({ key, name, byDefault }: Row, example: string): void {
  if (!new RegExp(`\\b${key}:`).test(example)) throw new Error(`${EXAMPLE} has no ${name}`);
  const value = JSON.stringify(DEFAULTS[name])?.replaceAll('"', "'").replaceAll(',', ', ');
  if (value !== undefined && value !== byDefault)
    throw new Error(`the default of ${name} is ${value}, not ${byDefault} as its docstring says`);
}

/** What `defineOperations` says that one should write, when one writes what no option takes. */
function whatItTakes(path: readonly (string | number)[]): string {
  const input = structuredClone(NAMED) as Record<string | number, unknown>;
  let place = input;
  for (const [index, key] of path.slice(0, -1).entries()) {
    place[key] ??= typeof path[index + 1] === 'number' ? [] : {};
    place = place[key] as Record<string | number, unknown>;
  }
  place[path.at(-1)!] = false;
  const line = complaint(input)
    .split('\n')
    .find((text) => text.includes('found false; write '));
  if (line === undefined) throw new Error(`the schema does not know ${path.join('.')}`);
  return line.split('; write ')[1]!;
}

function complaint(input: unknown): string {
  try {
    defineOperations(input as Parameters<typeof defineOperations>[0]);
  } catch (error) {
    return messageOf(error);
  }
  throw new Error(`no mistake was found in ${JSON.stringify(input)}`);
}

/** The defaults of `escalation`, from the numbers themselves. */
function renderEscalation(): string[] {
  const rows = Object.entries(ESCALATION).map(([severity, { steps, repeat, ackTimeoutMinutes }]) => {
    const moments = steps.map(
      (step) => `level ${step.level} at ${step.afterMinutes} by ${step.channels.join(' and ')}`,
    );
    const repeats = repeat.map(
      ({ everyMinutes, untilMinutes }) =>
        `every ${everyMinutes}${untilMinutes ? ` until ${untilMinutes}` : ''}`,
    );
    return `| ${severity} | ${moments.join('<br>') || 'none'} | ${repeats.join(', then ') || 'none'} | ${ackTimeoutMinutes ?? 'never'} |`;
  });
  return [
    '| by default, in minutes | `steps` | `repeat` | `ackTimeoutMinutes` |',
    '|---|---|---|---|',
    ...rows,
  ];
}

function renderMistakes(): string {
  return [
    '## Mistakes',
    '',
    'All mistakes are told at once, each with where it is, what was found and what to write instead. An editor marks most',
    'of them before that. A file may go wrong in these ways, and more:',
    '',
    '```',
    complaint(MISTAKEN),
    '```',
  ].join('\n');
}

/** The example by its top-level options, each with the comments above it, without the indentation of the file. */
function readExample(text: string): Map<string, string> {
  const body = text.split('defineOperations({\n')[1]!.split('\n});')[0]!;
  const sections = new Map<string, string>();
  let lines: string[] = [];
  let name: string | undefined;
  for (const line of body.split('\n').map((indented) => indented.replace(/^ {2}/, ''))) {
    name ??= /^(\w+):/.exec(line)?.[1];
    lines.push(line);
    if (name === undefined || !/^(?:[}\]],|\w.*,)$/.test(line)) continue;
    sections.set(name, lines.join('\n').trim());
    lines = [];
    name = undefined;
  }
  return sections;
}

/** A cell is one line, and a bar would end it. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
