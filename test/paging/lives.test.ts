import { describe, expect, it } from 'vitest';
import { pagingRig, type Rig } from '../support/paging-rig.ts';
import { realTables } from '../support/real-table.ts';
import { MINUTE_MS, START_MS } from '../support/story.ts';

const freshTable = realTables();

describe('a new life that opens while a page of the one before is on its way', () => {
  it('has a page of its own, whose link reaches it', async () => {
    let meanwhile: (() => Promise<void>) | undefined;
    const rig: Rig = pagingRig(await freshTable(), { publish: () => 'sent' });
    const send = rig.ports.sender.send;
    rig.ports.sender.send = async (contact, message) => {
      const now = meanwhile;
      meanwhile = undefined;
      await now?.();
      return send(contact, message);
    };
    meanwhile = async () => {
      await rig.answer(0, 'cpu', 'resolve', 'ana');
      await rig.signal(0.01, 'cpu', 'alarm', { severity: 'warning' });
    };
    await rig.signal(0, 'cpu', 'alarm', { severity: 'warning' });
    await rig.runTo(5);
    const alert = await rig.alert('cpu');
    expect(alert.openedAt).toBe(START_MS + 0.01 * MINUTE_MS);
    const about = await Promise.all(
      rig.sent.map(
        async ({ body }) => (await rig.ports.links.read(/\/a\/([\w-]{22})/.exec(body)![1]!))?.alerts,
      ),
    );
    expect(about.flat().map((life) => life?.openedAt)).toContain(alert.openedAt);
  });
});
