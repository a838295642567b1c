import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT } from '../../lib/bundles.ts';
import { readOptions } from '../../scripts/guide/read-options.ts';
import { GUIDE, renderGuide } from '../../scripts/guide/render-guide.ts';

describe('renderGuide', () => {
  test('docs/operations.md is what `npm run guide` writes', () => {
    expect(readFileSync(join(PROJECT, GUIDE), 'utf8')).toBe(renderGuide());
  });
});

describe('readOptions', () => {
  test('reads an option with its meaning and its default, and the options of its entries', () => {
    const source = `
export type PersonInput = {
  /** where emails go */
  email?: string;
};

export type TeamInput = {
  /**
   * who is there,
   * by name
   * @default nobody
   */
  people?: Readonly<Record<string, PersonInput>>;
};
`;
    expect(readOptions(source, 'TeamInput')).toMatchObject([
      {
        name: 'people',
        within: '.NAME',
        required: false,
        meaning: 'who is there, by name',
        byDefault: 'nobody',
        options: [{ name: 'email', required: false, meaning: 'where emails go', byDefault: undefined }],
      },
    ]);
  });

  test('an option that only one of two alternatives has is not required, and has the words of both', () => {
    const source = `
export type WindowInput = {
  /** where */
  zone: string;
} & (
  | {
      /** each week */
      from?: string;
      until?: never;
    }
  | {
      /** once */
      from: string;
      /** when it ends */
      until: string;
    }
);
`;
    expect(readOptions(source, 'WindowInput')).toMatchObject([
      { name: 'zone', required: true, meaning: 'where' },
      { name: 'from', required: false, meaning: 'each week; once' },
      { name: 'until', required: false, meaning: 'when it ends' },
    ]);
  });

  test('refuses an option without a docstring', () => {
    expect(() => readOptions('export type TeamInput = {\n  email: string;\n};', 'TeamInput')).toThrow(
      'the option email has no docstring',
    );
  });
});
