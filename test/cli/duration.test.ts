import { describe, expect, it } from 'vitest';
import { parseDuration, parseMinutes, parsePeriod } from '../../cli/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    [' 5m ', 300_000],
  ])('reads %j as %i ms', (text, ms) => {
    expect(parseDuration(text, '--ack-after')).toBe(ms);
  });

  it.each(['', '10', '-5m', '1.5h', '30m1h', 'soon', '10 m', '1e3s', '900d'])('refuses %j', (text) => {
    expect(() => parseDuration(text, '--ack-after')).toThrow(/^--ack-after: /);
  });

  it('asks for the unit of a bare number', () => {
    expect(() => parseDuration('10', '--ack-after')).toThrow('Is it 10s or 10m?');
  });
});

describe('parseMinutes', () => {
  it.each([
    ['1m', 1],
    ['90s', 2],
    ['30d', 43_200],
  ])('reads %j as %i minutes', (text, minutes) => {
    expect(parseMinutes(text, '--for')).toBe(minutes);
  });

  const ask = 'write 1m to 30d, such as 2h or 1h30m';

  it.each([
    ['0', `--for: "0" is too short; ${ask}`],
    ['0m', `--for: "0m" is too short; ${ask}`],
    ['31d', `--for: "31d" is too long; ${ask}`],
    ['99999d', `--for: "99999d" is too long; ${ask}`],
    [`${'9'.repeat(400)}d`, `is too long; ${ask}`],
    ['soon', `--for: "soon" is no duration; ${ask}.`],
    ['10', `--for: "10" is no duration; ${ask}. Is it 10s or 10m?`],
  ])('asks the same of %j, whatever is wrong with it', (text, message) => {
    expect(() => parseMinutes(text, '--for')).toThrow(message);
  });
});

describe('parsePeriod', () => {
  it('reads 300 as five minutes', () => {
    expect(parsePeriod('300')).toBe(300_000);
  });

  it.each(['0', '-60', '5m', '0.5', '86401', '', 'NaN'])('refuses %j', (text) => {
    expect(() => parsePeriod(text)).toThrow('write whole seconds');
  });
});
