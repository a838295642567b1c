import { describe, expect, it } from 'vitest';
import { doneAddress, readDone } from '../../functions/console/answer-done.ts';
import { answerLink, type LinkPorts, type Pressed, showLink } from '../../functions/console/answer-link.ts';
import { giveAnswer } from '../../functions/console/give-answer.ts';
import { auditStore } from '../../functions/doctor/audit.store.ts';
import { mintToken } from '../../functions/paging/link.store.ts';
import { alertId } from '../../functions/shared/table.ts';
import { pagingRig, type Rig } from '../support/paging-rig.ts';
import { realTables } from '../support/real-table.ts';
import { START_MS } from '../support/story.ts';

const freshTable = realTables();

const DAY_MINUTES = 24 * 60;
const UNKNOWN = { kind: 'refused', refusal: 'unknown' };

type Ports = Omit<LinkPorts, 'audits'>;

/** No link here is a test message's. */
const audits = auditStore({} as never);

const show = (token: string, ports: Ports) => showLink(token, { ...ports, audits });

/** Presses a button, and follows to the page that its answer leads to. */
async function press(token: string, pressed: Pressed, ports: Ports) {
  const answered = await answerLink(token, pressed, { ...ports, audits });
  if (answered.kind !== 'done') return answered;
  const query = new URL(doneAddress(token, answered.done), 'https://answer.example.com').searchParams;
  const done = readDone(Object.fromEntries(query), ports.nowMs());
  return showLink(token, { ...ports, audits }, done);
}

async function freshRig(): Promise<Rig> {
  return pagingRig(await freshTable());
}

/** The token in a message's link. */
function tokenOf(rig: Rig, message: number): string {
  return /\/a\/([\w-]{22})/.exec(rig.sent[message]!.body)![1]!;
}

/** An alert of 0:00, and the token of its first message, to Ana. */
async function openAlert() {
  const rig = await freshRig();
  await rig.signal(0, 'cpu', 'alarm');
  return { rig, token: tokenOf(rig, 0) };
}

/** Two alerts that waited for Ana's slot, and the token of the one message about both. */
async function openBundle() {
  const rig = await freshRig();
  for (const [n, name] of ['cpu', 'disk', 'memory'].entries()) {
    await rig.signal(n / 60, name, 'alarm', { severity: 'warning' });
  }
  await rig.runTo(2);
  return { rig, token: tokenOf(rig, 1), disk: alertId('disk'), memory: alertId('memory') };
}

describe('showLink', () => {
  it('shows the alert, its timeline and whose link it is, and changes nothing', async () => {
    const { rig, token } = await openAlert();
    const before = await rig.items();
    expect(await show(token, rig.ports)).toMatchObject({
      kind: 'alert',
      viewer: 'ana',
      alert: { id: alertId('cpu'), status: 'triggered' },
      timeline: [{ event: 'alert.opened' }, { event: 'page.sent' }, { event: 'page.sent' }],
    });
    expect(await rig.items()).toEqual(before);
  });

  it('refuses a forged token', async () => {
    const { rig } = await openAlert();
    expect(await show(mintToken(), rig.ports)).toEqual(UNKNOWN);
  });

  it.each(['', 'short', '../../etc/passwd', 'a'.repeat(23), 'a'.repeat(10_000), 'ümlautümlautümlautüml1'])(
    'refuses the malformed token %s without a read',
    async (token) => {
      const { rig } = await openAlert();
      const links = {
        ...rig.ports.links,
        read: () => {
          throw new Error('read');
        },
      };
      expect(await show(token, { ...rig.ports, links })).toEqual(UNKNOWN);
    },
  );

  it('shows an alert until 24 h after it resolved, and not a millisecond longer', async () => {
    const { rig, token } = await openAlert();
    await rig.answer(10, 'cpu', 'resolve', 'ana');
    const at = (nowMs: number) => show(token, { ...rig.ports, nowMs: () => nowMs });
    const endsAt = START_MS + (10 + DAY_MINUTES) * 60_000;
    expect(await at(endsAt)).toMatchObject({ kind: 'alert', alert: { status: 'resolved' } });
    expect(await at(endsAt + 1)).toEqual({ kind: 'refused', refusal: 'expired' });
  });

  it('shows an open alert, however old', async () => {
    const { rig, token } = await openAlert();
    const month = START_MS + 30 * DAY_MINUTES * 60_000;
    expect(await show(token, { ...rig.ports, nowMs: () => month })).toMatchObject({ kind: 'alert' });
  });

  it('shows the earlier life of an alert that opened anew, with the timeline of that life', async () => {
    const { rig, token } = await openAlert();
    await rig.answer(1, 'cpu', 'resolve', 'ana');
    await rig.signal(3, 'cpu', 'alarm');
    const shown = await show(token, rig.ports);
    expect(shown).toMatchObject({ kind: 'alert', alert: { openedAt: START_MS, status: 'resolved' } });
    const events = shown.kind === 'alert' ? shown.timeline.map(({ event }) => event) : [];
    expect(events.slice(-2)).toEqual(['alert.resolved', 'notice.sent']);
  });
});

describe('answerLink', () => {
  it('acknowledges as the responder to whom the message went', async () => {
    const { rig, token } = await openAlert();
    expect(await press(token, { action: 'acknowledge' }, rig.ports)).toMatchObject({
      kind: 'alert',
      alert: { status: 'acknowledged', acknowledgement: { firstBy: 'ana' } },
      done: { outcome: { answer: 'acknowledge', kind: 'done' } },
    });
  });

  it('says who answered first when it is pressed again', async () => {
    const { rig, token } = await openAlert();
    await rig.answer(1, 'cpu', 'acknowledge', 'ben');
    expect(await press(token, { action: 'acknowledge' }, rig.ports)).toMatchObject({
      kind: 'alert',
      alert: { acknowledgement: { firstBy: 'ben', by: 'ana' } },
      done: { outcome: { answer: 'acknowledge', kind: 'answered-before' } },
    });
  });

  it('escalates once for one press, however often it is repeated', async () => {
    const { rig, token } = await openAlert();
    await rig.runTo(1);
    const seenPages = (await rig.alert('cpu')).pageCount;
    const again = () => press(token, { action: 'escalate', seenPages }, rig.ports);
    expect(await again()).toMatchObject({ done: { outcome: { kind: 'done' } } });
    await rig.runTo(1.5);
    expect(await again()).toMatchObject({ done: { outcome: { kind: 'nothing-to-do' } } });
    await rig.runTo(2);
    const levels = new Set((await rig.alert('cpu')).pages.map(({ level }) => level));
    expect(levels).toEqual(new Set([1, 2]));
  });

  it('writes nothing for an acknowledgement that the same person repeats within a minute', async () => {
    const { rig, token } = await openAlert();
    await press(token, { action: 'acknowledge' }, rig.ports);
    const before = await rig.items();
    const again = await press(token, { action: 'acknowledge' }, rig.ports);
    expect(again).toMatchObject({ done: { outcome: { kind: 'answered-before' } } });
    expect(await rig.items()).toEqual(before);
  });

  it('resolves once: pressing again has nothing to do', async () => {
    const { rig, token } = await openAlert();
    expect(await press(token, { action: 'resolve' }, rig.ports)).toMatchObject({
      done: { outcome: { kind: 'done' } },
    });
    expect(await press(token, { action: 'resolve' }, rig.ports)).toMatchObject({
      done: { outcome: { kind: 'nothing-to-do' } },
    });
  });

  it('changes nothing with a forged token', async () => {
    const { rig } = await openAlert();
    const before = await rig.items();
    expect(await press(mintToken(), { action: 'resolve' }, rig.ports)).toEqual(UNKNOWN);
    expect(await rig.items()).toEqual(before);
  });

  it('changes nothing 24 h after the resolve', async () => {
    const { rig, token } = await openAlert();
    await rig.answer(1, 'cpu', 'resolve', 'ana');
    await rig.runTo(10);
    const before = await rig.items();
    const late = { ...rig.ports, nowMs: () => START_MS + (DAY_MINUTES + 2) * 60_000 };
    expect(await press(token, { action: 'acknowledge' }, late)).toEqual({
      kind: 'refused',
      refusal: 'expired',
    });
    expect(await rig.items()).toEqual(before);
  });

  it('does not reach the life that opened after the message', async () => {
    const { rig, token } = await openAlert();
    await rig.answer(1, 'cpu', 'resolve', 'ana');
    await rig.signal(3, 'cpu', 'alarm');
    expect(await press(token, { action: 'acknowledge' }, rig.ports)).toMatchObject({
      kind: 'alert',
      alert: { openedAt: START_MS, status: 'resolved' },
      done: { outcome: { kind: 'nothing-to-do' } },
    });
    expect((await rig.alert('cpu')).status).toBe('triggered');
  });

  it.each(['', 'delete', 'acknowledge:', 'acknowledge:another-alert', 'constructor'])(
    'refuses the action “%s”, and changes nothing',
    async (action) => {
      const { rig, token } = await openAlert();
      const before = await rig.items();
      expect(await press(token, { action }, rig.ports)).toEqual({
        kind: 'refused',
        refusal: 'bad-request',
      });
      expect(await rig.items()).toEqual(before);
    },
  );
});

describe('the link of a bundle', () => {
  it('shows both alerts', async () => {
    const { rig, token, disk, memory } = await openBundle();
    const shown = await show(token, rig.ports);
    expect(shown).toMatchObject({ kind: 'bundle', viewer: 'ana' });
    expect(shown.kind === 'bundle' && shown.alerts.map(({ id }) => id).sort()).toEqual([disk, memory].sort());
  });

  it('acknowledges all of it, or one', async () => {
    const { rig, token, disk } = await openBundle();
    expect(await press(token, { action: `acknowledge:${disk}` }, rig.ports)).toMatchObject({
      kind: 'bundle',
      done: { alertId: disk, outcome: { kind: 'done' } },
    });
    expect((await rig.alert('memory')).status).toBe('triggered');
    expect(await press(token, { action: 'acknowledge' }, rig.ports)).toMatchObject({
      kind: 'bundle',
      done: { answer: 'acknowledge' },
    });
    expect((await rig.alert('memory')).status).toBe('acknowledged');
    expect((await rig.alert('cpu')).status).toBe('triggered');
  });

  it('acknowledged as a whole leaves to others what they have acknowledged or snoozed', async () => {
    const { rig, token, memory } = await openBundle();
    await rig.answer(3, 'disk', 'acknowledge', 'ben');
    const until = START_MS + 60 * 60_000;
    await giveAnswer(memory, 'snooze', 'ben', rig.ports, { snooze: { until, reason: 'vendor is on it' } });
    const before = await rig.items();
    await rig.justTo(4);
    await press(token, { action: 'acknowledge' }, rig.ports);
    expect(await rig.items()).toEqual(before);
  });

  it('answers the other alert when one is resolved, and when one is gone', async () => {
    const { rig, token, disk, memory } = await openBundle();
    await rig.answer(3, 'disk', 'resolve', 'ben');
    expect(await press(token, { action: 'acknowledge' }, rig.ports)).toMatchObject({
      alerts: expect.arrayContaining([
        expect.objectContaining({ id: disk, status: 'resolved' }),
        expect.objectContaining({ id: memory, status: 'acknowledged' }),
      ]),
    });
    const without = {
      ...rig.ports,
      alerts: {
        ...rig.ports.alerts,
        read: async (id: string) => (id === disk ? undefined : rig.ports.alerts.read(id)),
        readEnded: async () => undefined,
      },
    };
    const shown = await press(token, { action: 'resolve' }, without);
    expect(shown).toMatchObject({ kind: 'bundle', alerts: [{ id: memory, status: 'resolved' }] });
  });

  it('is refused when both resolved more than 24 h ago, and shown while one has not', async () => {
    const { rig, token } = await openBundle();
    const late = { ...rig.ports, nowMs: () => START_MS + (DAY_MINUTES + 10) * 60_000 };
    await rig.answer(3, 'disk', 'resolve', 'ben');
    expect(await show(token, late)).toMatchObject({ kind: 'bundle' });
    await rig.answer(4, 'memory', 'resolve', 'ben');
    expect(await show(token, late)).toEqual({ kind: 'refused', refusal: 'expired' });
  });
});

describe('snoozing by the link', () => {
  it('for 4 hours holds the alert until then, with the reason on one line', async () => {
    const { rig, token } = await openAlert();
    const pressed = { action: 'snooze', minutes: 240, reason: ' deploy\r\nunder way ' };
    expect(await press(token, pressed, rig.ports)).toMatchObject({
      alert: {
        holds: { snoozed: { until: START_MS + 4 * 3_600_000, by: 'ana', reason: 'deploy under way' } },
      },
      done: { outcome: { answer: 'snooze', kind: 'done' } },
    });
  });

  it.each([undefined, 0, -60, 61, Number.NaN, 1e9])(
    'for %s minutes is refused, and changes nothing',
    async (minutes) => {
      const { rig, token } = await openAlert();
      const before = await rig.items();
      expect(await press(token, { action: 'snooze', minutes }, rig.ports)).toEqual({
        kind: 'refused',
        refusal: 'bad-request',
      });
      expect(await rig.items()).toEqual(before);
    },
  );
});

describe('the address after an answer', () => {
  const TOKEN = '0123456789abcdefghijkl';
  const at = START_MS;
  const outcome = { answer: 'acknowledge', kind: 'answered-before' } as const;

  it('says what was done, and comes back to the alert of a bundle', () => {
    const address = doneAddress(TOKEN, { answer: 'acknowledge', outcome, alertId: 'abc', at });
    expect(address).toBe(`/a/${TOKEN}?done=acknowledge&as=answered-before&at=${at}&of=abc#abc`);
  });

  it('is read back for 10 minutes, and not before its moment', () => {
    const query = { done: 'acknowledge', as: 'answered-before', at: String(at) };
    expect(readDone(query, at)).toEqual({ answer: 'acknowledge', outcome, at });
    expect(readDone(query, at + 600_000)).toBeDefined();
    expect(readDone(query, at + 600_001)).toBeUndefined();
    expect(readDone(query, at - 1)).toBeUndefined();
  });

  it.each([
    undefined,
    {},
    { done: 'delete', at: '1' },
    { done: 'resolve', as: 'x', at: '1' },
    { done: 'resolve' },
  ])('of %j is nothing', (query) => {
    expect(readDone(query, 1)).toBeUndefined();
  });
});
