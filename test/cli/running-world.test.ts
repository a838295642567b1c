import { describe, expect, it } from 'vitest';
import { operatorOver } from '../../cli/running-world.ts';
import type { Command, CommandAnswer } from '../../functions/console/operate.ts';
import { sampleAlert } from '../support/sample-alert.ts';

const open = [sampleAlert({ id: 'Vg3b2kqZ0aHn5sXt' }), sampleAlert({ id: 'Vg9zzzzzzzzzzzzz' })];
const ended = [sampleAlert({ id: 'aaaaaaaaaaaaaaaa' }), sampleAlert({ id: 'Vg3b2kqZ0aHn5sXt' })];

function operatorWith(answers: (command: Command) => CommandAnswer) {
  const sent: Command[] = [];
  const operator = operatorOver(async (command) => {
    sent.push(command);
    return answers(command);
  }, 'cli:ana');
  return { operator, sent };
}

const lists = (command: Command): CommandAnswer =>
  command.command === 'list'
    ? { kind: 'ok', alerts: command.ended ? ended : open }
    : { kind: 'rejected', message: 'a list was expected' };

describe('operatorOver', () => {
  it('finds the one alert that begins with 3 characters, open or ended', async () => {
    const { operator } = operatorWith(lists);
    expect(await operator.resolveId('Vg3')).toBe('Vg3b2kqZ0aHn5sXt');
    expect(await operator.resolveId('aaa')).toBe('aaaaaaaaaaaaaaaa');
  });

  it('asks for more of an id that begins 2 alerts, naming both', async () => {
    const { operator } = operatorWith(lists);
    await expect(operator.resolveId('Vg')).rejects.toMatchObject({
      kind: 'rejected',
      message: 'Vg is the beginning of 2 alerts: Vg3b2kqZ0aHn5sXt, Vg9zzzzzzzzzzzzz',
    });
  });

  it('knows no alert that begins with zzz', async () => {
    const { operator } = operatorWith(lists);
    await expect(operator.resolveId('zzz')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('asks for no list when all 16 characters are given', async () => {
    const { operator, sent } = operatorWith(lists);
    expect(await operator.resolveId('xxxxxxxxxxxxxxxx')).toBe('xxxxxxxxxxxxxxxx');
    expect(sent).toEqual([]);
  });

  it('acknowledges in the name of the user', async () => {
    const { operator, sent } = operatorWith(() => ({ kind: 'ok', outcome: 'acknowledged', alert: open[0]! }));
    expect((await operator.answer('acknowledge', open[0]!.id)).outcome).toBe('acknowledged');
    expect(sent).toEqual([{ command: 'acknowledge', id: 'Vg3b2kqZ0aHn5sXt', by: 'cli:ana' }]);
  });

  it.each(['rejected', 'not-found', 'conflict'] as const)('passes on that it was %s', async (kind) => {
    const { operator } = operatorWith(() => ({ kind, message: 'resolved already' }));
    await expect(operator.answer('resolve', 'x')).rejects.toMatchObject({
      kind,
      message: 'resolved already',
    });
  });
});
