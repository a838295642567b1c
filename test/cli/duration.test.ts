import { describe, expect, it } from 'vitest';
import { parseDuration, parsePeriod } from '../../cli/duration.ts';

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

describe('parsePeriod', () => {
  it('reads 300 as five minutes', () => {
    expect(parsePeriod('300')).toBe(300_000);
  });

  it.each(['0', '-60', '5m', '0.5', '86401', '', 'NaN'])('refuses %j', (text) => {
    expect(() => parsePeriod(text)).toThrow('write whole seconds');
  });
});
