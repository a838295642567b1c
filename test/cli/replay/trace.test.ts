import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTrace, parseTrace } from '../../../cli/replay/trace.ts';

const AT = Date.parse('2014-02-14T14:27:00Z');

function rows(...lines: string[]) {
  return parseTrace(['timestamp,value', ...lines].join('\n'), 'cpu.csv');
}

describe('parseTrace', () => {
  it.each([
    '2014-02-14 14:27:00',
    '2014-02-14 14:27',
    '2014-02-14T14:27:00',
    '2014-02-14T14:27:00Z',
    '2014-02-14T14:27:00.000Z',
    '2014-02-14T14:27:00.000000+00:00',
    '2014-02-14T15:27:00+0100',
    '2014-02-14 06:57:00-07:30',
  ])('reads %s as 14:27 UTC', (timestamp) => {
    expect(rows(`${timestamp},51.8`)).toEqual([{ at: AT, value: 51.8 }]);
  });

  it('reads zero, negative, decimal and exponent values', () => {
    const values = ['0', '-1.5', '.5', '2.', '+3', '1e3', '-2.5E-3'];
    expect(rows(...values.map((value) => `2014-02-14 14:27:00,${value}`)).map(({ value }) => value)).toEqual([
      0, -1.5, 0.5, 2, 3, 1000, -0.0025,
    ]);
  });

  it('reads a file of Windows: byte order mark, CRLF, blank last lines', () => {
    const text = '\uFEFFTimestamp, Value\r\n2014-02-14 14:27:00,1\r\n2014-02-14 14:32:00,2\r\n\r\n';
    expect(parseTrace(text, 'cpu.csv').map(({ value }) => value)).toEqual([1, 2]);
  });

  it('keeps rows of one timestamp in file order', () => {
    expect(rows('2014-02-14 14:27:00,3', '2014-02-14 14:27:00,1').map(({ value }) => value)).toEqual([3, 1]);
  });

  it.each([
    ['2014-02-14 14:27:00,', 'the value is no number'],
    ['2014-02-14 14:27:00,NaN', 'the value is no number'],
    ['2014-02-14 14:27:00,Infinity', 'the value is no number'],
    ['2014-02-14 14:27:00,1e999', 'the value is no number'],
    ['2014-02-14 14:27:00,0x10', 'the value is no number'],
    ['2014-02-14 14:27:00', '1 column instead of 2'],
    ['2014-02-14 14:27:00,1,2', '3 columns instead of 2'],
    ['2014-02-30 14:27:00,1', 'no timestamp'],
    ['2014-02-14 24:27:00,1', 'no timestamp'],
    ['14/02/2014 14:27,1', 'no timestamp'],
    ['1392388020,1', 'no timestamp'],
    ['1970-01-01 00:00:00,1', 'no timestamp'],
    ['', '1 column instead of 2'],
  ])('refuses the row %j: %s', (line, mistake) => {
    const read = () => rows('2014-02-13 00:00:00,1', line, '2014-02-15 00:00:00,1');
    expect(read).toThrow(`cpu.csv has a bad row:\n  line 3: ${JSON.stringify(line)}: ${mistake}`);
  });

  it('names each of two bad rows, and the row that goes back in time', () => {
    expect(() =>
      rows('2014-02-14 14:27:00,x', '2014-02-14 14:32:00,1', '2014-02-14 14:31:59,2', 'end'),
    ).toThrow(
      'cpu.csv has 3 bad rows:\n' +
        '  line 2: "2014-02-14 14:27:00,x": the value is no number\n' +
        '  line 4: "2014-02-14 14:31:59,2": earlier than the row before it; sort the rows by time\n' +
        '  line 5: "end": 1 column instead of 2',
    );
  });

  it('names the first 20 of 25 bad rows', () => {
    expect(() => rows(...Array.from({ length: 25 }, () => 'x'))).toThrow(/line 21: .*\n {2}and 5 more$/);
  });

  it.each([
    ['', 'cpu.csv is empty'],
    ['\n\n', 'cpu.csv is empty'],
    ['2014-02-14 14:27:00,1', 'cpu.csv starts with "2014-02-14 14:27:00,1"'],
    ['timestamp,value\n', 'cpu.csv has no data points'],
  ])('refuses the file %j', (text, message) => {
    expect(() => parseTrace(text, 'cpu.csv')).toThrow(message);
  });
});

describe('loadTrace', () => {
  it('says that there is no such file, or that it is a directory', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'trace-'));
    try {
      await expect(loadTrace(join(directory, 'none.csv'))).rejects.toMatchObject({
        kind: 'rejected',
        message: expect.stringContaining('there is no such file'),
      });
      await expect(loadTrace(directory)).rejects.toThrow('it is a directory');
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
