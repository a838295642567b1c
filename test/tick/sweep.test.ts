import { describe, expect, it } from 'vitest';
import type { DueMessage } from '../../functions/shared/table.ts';
import { SECOND_TICK_BEHIND_MS, SECOND_TICK_LOOKAHEAD_MS } from '../../functions/tick/contract.ts';
import { sweep } from '../../functions/tick/sweep.ts';

const NOW = Date.parse('2026-03-02T03:00:00Z');

function rowsDue(...seconds: number[]): DueMessage[] {
  return seconds.map((second, n) => ({ pk: `alert#${n}`, sk: 'current', dueAt: NOW + second * 1000 }));
}

async function sweepOver(rows: DueMessage[]) {
  const asked: number[][] = [];
  const handed: DueMessage[] = [];
  const report = await sweep(
    {
      dueUntil: async (untilMs, limit) => {
        asked.push([untilMs - NOW, limit]);
        return rows;
      },
    },
    {
      enqueue: async (some) => {
        handed.push(...some);
      },
    },
    NOW,
  );
  return { report, asked, handed };
}

describe('sweep', () => {
  it('asks for at most 2,000 rows that are due within 130 s', async () => {
    expect((await sweepOver([])).asked).toEqual([[130_000, 2_000]]);
  });

  it('hands over all that it finds, and says by how much the oldest is late', async () => {
    const { report, handed } = await sweepOver(rowsDue(-90, 0, 60));
    expect(handed).toEqual(rowsDue(-90, 0, 60));
    expect(report).toEqual({ handed: 3, overdueMs: 90_000 });
  });

  it('of the second tick looks further ahead, and has each row taken 5 s after its moment', async () => {
    const asked: number[] = [];
    const delays: number[] = [];
    await sweep(
      {
        dueUntil: async (untilMs) => {
          asked.push(untilMs - NOW);
          return rowsDue(60);
        },
      },
      { enqueue: async (rows, nowMs) => void delays.push(...rows.map(({ dueAt }) => dueAt - nowMs)) },
      NOW,
      { lookaheadMs: SECOND_TICK_LOOKAHEAD_MS, behindMs: SECOND_TICK_BEHIND_MS },
    );
    expect({ asked, delays }).toEqual({ asked: [185_000], delays: [65_000] });
  });

  it('is late by nothing when all is due later, or nothing is due', async () => {
    expect((await sweepOver(rowsDue(10))).report).toEqual({ handed: 1, overdueMs: 0 });
    expect((await sweepOver([])).report).toEqual({ handed: 0, overdueMs: 0 });
  });
});
