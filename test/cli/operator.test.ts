import { describe, expect, it } from 'vitest';
import { operatorOver } from '../../cli/operator.ts';
import type { Command, CommandAnswer } from '../../functions/console/commands.ts';
import { sampleAlert } from '../support/sample-alert.ts';

const open = [sampleAlert({ id: '3b2c9a0000000000' }), sampleAlert({ id: '3bffff0000000000' })];
const ended = [sampleAlert({ id: 'aaaaaaaaaaaaaaaa' }), sampleAlert({ id: '3b2c9a0000000000' })];

function operatorWith(answers: (command: Command) => CommandAnswer) {
  const sent: Command[] = [];
  const operator = operatorOver(async (command) => {
    sent.push(command);
    return answers(command);
  });
  return { operator, sent };
}

function lists(total: number) {
  return (command: Command): CommandAnswer =>
    command.command === 'list'
      ? { kind: 'ok', alerts: command.ended ? ended : open, total }
      : { kind: 'rejected', message: 'a list was expected' };
}

describe('operatorOver', () => {
  it('finds the one alert that begins with 3 characters, open or ended', async () => {
    const { operator } = operatorWith(lists(2));
    expect(await operator.resolveId('3b2')).toBe('3b2c9a0000000000');
    expect(await operator.resolveId('aaa')).toBe('aaaaaaaaaaaaaaaa');
  });

  it('asks for more of an id that begins 2 alerts, naming both', async () => {
    const { operator } = operatorWith(lists(2));
    await expect(operator.resolveId('3b')).rejects.toMatchObject({
      kind: 'rejected',
      message: '3b is the beginning of 2 alerts: 3b2c9a0000000000, 3bffff0000000000',
    });
  });

  it('knows no alert that begins with zzz, or of 9,812 not among those it was told of', async () => {
    await expect(operatorWith(lists(2)).operator.resolveId('zzz')).rejects.toMatchObject({
      kind: 'not-found',
      message: 'no alert begins with zzz; list them with: tocsin alerts --all',
    });
    await expect(operatorWith(lists(9_812)).operator.resolveId('zzz')).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('none of the latest 200 alerts begins with zzz; give the whole id'),
    });
  });

  it('asks for no list when all 16 characters are given', async () => {
    const { operator, sent } = operatorWith(lists(2));
    expect(await operator.resolveId('0000000000000000')).toBe('0000000000000000');
    expect(sent).toEqual([]);
  });

  it('refuses an empty id', async () => {
    await expect(operatorWith(lists(2)).operator.resolveId('')).rejects.toMatchObject({ kind: 'rejected' });
  });

  it.each(['rejected', 'not-found', 'conflict'] as const)('passes on that it was %s', async (kind) => {
    const { operator } = operatorWith(() => ({ kind, message: 'resolved already' }));
    await expect(
      operator.ask({ command: 'resolve', id: 'x', by: 'cli:ana' }, 'outcome'),
    ).rejects.toMatchObject({ kind, message: 'resolved already' });
  });

  it('takes an answer to another question for a bug', async () => {
    const { operator } = operatorWith(() => ({ kind: 'ok', keys: [] }));
    await expect(operator.ask({ command: 'window-list' }, 'windows')).rejects.toMatchObject({ kind: 'bug' });
  });
});
