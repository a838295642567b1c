/** Deliberate bugs on the way out: claims, leases, the slot, its line, storms. */
import type { Bug } from '../bugs.ts';

export const pagingBugs: readonly Bug[] = [
  {
    name: 'claim-skipped',
    file: 'functions/paging/send-pages.ts',
    find: '    if (!lease) return await waitForSlot(alert, page, contact, ports);\n    const sentAt = sentBefore(',
    replace: '    const sentAt = lease && sentBefore(',
    why: 'A page is sent although somebody else holds the contact’s slot.',
    foundBy: [],
  },
  {
    name: 'slot-interval-too-short',
    file: 'functions/paging/slot.store.ts',
    find: "':next': sent.at + SLOT_INTERVAL_MS",
    replace: "':next': sent.at + SLOT_LEASE_MS",
    why: 'The lease’s time is taken for the interval: two messages a minute.',
    foundBy: [],
  },
  {
    name: 'lease-never-expires',
    file: 'functions/alerts/alert-pages.ts',
    find: 'until: nowMs + CLAIM_LEASE_MS }',
    replace: 'until: Number.MAX_SAFE_INTEGER }',
    why: 'A page whose sender crashed is on its way for ever.',
    foundBy: [],
  },
  {
    name: 'expired-claim-counts-as-sent',
    file: 'functions/alerts/alert-pages.ts',
    find: "    page.status = 'owed';\n    note(draft, nowMs, 'page.retried'",
    replace: "    page.status = 'sent';\n    note(draft, nowMs, 'page.sent'",
    why: 'Of a page whose sender crashed it is believed that it went out.',
    foundBy: [],
  },
  {
    name: 'settled-before-sent',
    file: 'functions/paging/send-pages.ts',
    find: 'const published = await publishMessage(contact, message, ports);',
    replace: `await ports.slots.release(lease, { at: nowMs, pages: [pageRef(alert.id, page.id)] });
    const published = await publishMessage(contact, message, ports);`,
    why: 'The slot remembers a message before SNS has it: after a crash the page counts as sent.',
    foundBy: [],
  },
  {
    name: 'failure-counts-as-sent',
    file: 'functions/paging/send-pages.ts',
    find: "  return result.kind === 'sent'\n",
    replace: "  return result.kind !== 'undeliverable'\n",
    why: 'A failed send is logged, and then settled as sent.',
    foundBy: [],
  },
  {
    name: 'back-off-in-minutes',
    file: 'functions/alerts/settle-pages.ts',
    find: 'page.notBefore = nowMs + backOffMs(page.attempt);',
    replace: 'page.notBefore = nowMs + backOffMs(page.attempt) * 60;',
    why: 'A mistake of units: what SNS refused for now is tried again after five minutes.',
    foundBy: [],
  },
  {
    name: 'vanished-responder-throws',
    file: 'functions/paging/sns.sender.ts',
    find: "if (contact.channel === 'sms' && person?.phone) {",
    replace: "if (contact.channel === 'sms' && person!.phone) {",
    why: 'After a deploy, a page owed to somebody who has left cannot be read.',
    foundBy: [],
  },
  {
    name: 'bundle-drops-its-last-alert',
    file: 'functions/paging/take-slot-turn.ts',
    find: '  const nowMs = ports.nowMs();\n  const token = mintToken();',
    replace: `  bundle = bundle.slice(0, Math.max(1, bundle.length - 1));
  const nowMs = ports.nowMs();
  const token = mintToken();`,
    why: 'The message leaves the last one out, which is then settled as sent with the others.',
    foundBy: [],
  },
  {
    name: 'line-emptied-as-it-is-read',
    file: 'functions/paging/take-slot-turn.ts',
    find: '  const sendable = pagesBeforeNotices(line.sendable);\n',
    replace: `  const sendable = pagesBeforeNotices(line.sendable);
  await Promise.all(line.sendable.map(({ row }) => ports.slots.leave(contact, row)));
`,
    why: 'After a crash nobody waits in the line any more.',
    foundBy: [],
  },
  {
    name: 'late-outcome-reopens-a-page',
    file: 'functions/alerts/settle-pages.ts',
    find: "else if (page && (isActive(page) || outcome.kind === 'sent'))",
    replace: 'else if (page)',
    why: 'Whoever put a page into the line writes down that it waits, after its turn has sent it.',
    foundBy: [],
  },
  {
    name: 'storm-forgets-what-it-told',
    file: 'functions/paging/take-slot-turn.ts',
    find: 'return { sent, told, turn: isEmpty',
    replace: 'return { sent, told: slot.told, turn: isEmpty',
    why: 'Once the turn is over nobody knows which rows the storm’s message told of: they are told again.',
    foundBy: [],
  },
  {
    name: 'storm-is-over-too-early',
    file: 'functions/paging/settle-told.ts',
    find: 'const isOver = rows.length < SETTLED_MOST &&',
    replace: 'const isOver = rows.length <= SETTLED_MOST &&',
    why: 'After the first hundred rows the storm is forgotten: the others are told again.',
    foundBy: [],
  },
];
