import { describe, expect, it } from 'vitest';
import { operatorOver } from '../../cli/operator.ts';
import type { Command, CommandAnswer } from '../../functions/console/commands.ts';

const ids = ['3b2c9a0000000000', '3bffff0000000000', 'aaaaaaaaaaaaaaaa'];

function operatorWith(answers: (command: Command) => CommandAnswer) {
  const sent: Command[] = [];
  const operator = operatorOver(async (command) => {
    sent.push(command);
    return answers(command);
  });
  return { operator, sent };
}

function finding(among = ids, isAll = true) {
  return (command: Command): CommandAnswer =>
    command.command === 'find'
      ? { kind: 'ok', ids: among.filter((id) => id.startsWith(command.prefix)), isAll }
      : { kind: 'rejected', message: 'a search was expected' };
}

describe('operatorOver', () => {
  it('finds the one alert that begins with 3 characters, open or ended', async () => {
    const { operator } = operatorWith(finding());
    expect(await operator.resolveId('3b2')).toBe('3b2c9a0000000000');
    expect(await operator.resolveId('aaa')).toBe('aaaaaaaaaaaaaaaa');
  });

  it('asks for more of an id that begins 2 alerts, naming both', async () => {
    const { operator } = operatorWith(finding());
    await expect(operator.resolveId('3b')).rejects.toMatchObject({
      kind: 'rejected',
      message: '3b is the beginning of 2 alerts: 3b2c9a0000000000, 3bffff0000000000',
    });
  });

  it('names 8 of the 20 alerts that an id begins', async () => {
    const many = Array.from({ length: 20 }, (_, n) => `3b${String(n).padStart(14, '0')}`);
    await expect(operatorWith(finding(many)).operator.resolveId('3b')).rejects.toMatchObject({
      message: `3b is the beginning of 20 alerts: ${many.slice(0, 8).join(', ')} …`,
    });
  });

  it('knows no alert that begins with zzz, or none of the latest 20,000 where there are more', async () => {
    await expect(operatorWith(finding()).operator.resolveId('zzz')).rejects.toMatchObject({
      kind: 'not-found',
      message: 'no alert begins with zzz; list them with: tocsin alerts --all',
    });
    await expect(operatorWith(finding(ids, false)).operator.resolveId('zzz')).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('none of the latest 20,000 begins with zzz; give the whole id'),
    });
  });

  it('searches nothing when all 16 characters are given', async () => {
    const { operator, sent } = operatorWith(finding());
    expect(await operator.resolveId('0000000000000000')).toBe('0000000000000000');
    expect(sent).toEqual([]);
  });

  it('refuses an empty id', async () => {
    await expect(operatorWith(finding()).operator.resolveId('')).rejects.toMatchObject({ kind: 'rejected' });
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
