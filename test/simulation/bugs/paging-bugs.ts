/** Deliberate bugs on the way out: claims, leases, the slot, its line, storms. */
import type { Bug } from '../bugs.ts';

export const pagingBugs: readonly Bug[] = [
  {
    name: 'claim-skipped',
    file: 'functions/paging/send-pages.ts',
    find: '    if (!lease) return await waitForSlot(alert, page, contact, ports);\n    const sentAt = sentBefore(',
    replace: '    const sentAt = lease && sentBefore(',
    why: 'A page is sent although somebody else holds the contact’s slot.',
    foundBy: ['one-a-minute'],
  },
  {
    name: 'slot-interval-too-short',
    file: 'functions/paging/slot.store.ts',
    find: "':next': sent.at + SLOT_INTERVAL_MS",
    replace: "':next': sent.at + SLOT_LEASE_MS",
    why: 'The lease’s time is taken for the interval: two messages a minute.',
    foundBy: ['one-a-minute'],
  },
  {
    name: 'lease-never-expires',
    file: 'functions/alerts/alert-pages.ts',
    find: 'until: nowMs + CLAIM_LEASE_MS }',
    replace: 'until: Number.MAX_SAFE_INTEGER }',
    why: 'A page whose sender crashed is on its way for ever.',
    foundBy: ['paged-in-time', 'the-timeline-explains'],
  },
  {
    name: 'expired-claim-counts-as-sent',
    file: 'functions/alerts/alert-pages.ts',
    find: "    page.status = 'owed';\n    note(draft, nowMs, 'page.retried'",
    replace: "    page.status = 'sent';\n    note(draft, nowMs, 'page.sent'",
    why: 'Of a page whose sender crashed it is believed that it went out.',
    foundBy: ['paged-in-time', 'the-timeline-explains'],
  },
  {
    name: 'settled-before-sent',
    file: 'functions/paging/send-pages.ts',
    find: 'const published = await publishMessage(contact, message, ports);',
    replace: `await ports.slots.release(lease, { at: nowMs, pages: [pageRef(alert.id, page.id)] });
    const published = await publishMessage(contact, message, ports);`,
    why: 'The slot remembers a message before SNS has it: after a crash the page counts as sent.',
    foundBy: ['paged-in-time', 'the-timeline-explains'],
  },
  {
    name: 'failure-counts-as-sent',
    file: 'functions/paging/send-pages.ts',
    find: "  return result.kind === 'sent'\n",
    replace: "  return result.kind !== 'undeliverable'\n",
    why: 'A failed send is logged, and then settled as sent.',
    foundBy: ['paged-in-time', 'the-timeline-explains'],
  },
  {
    name: 'back-off-in-minutes',
    file: 'functions/alerts/settle-pages.ts',
    find: 'page.notBefore = nowMs + backOffMs(page.attempt);',
    replace: 'page.notBefore = nowMs + backOffMs(page.attempt) * 60;',
    why: 'A mistake of units: what SNS refused for now is tried again after five minutes.',
    foundBy: ['paged-in-time'],
  },
  {
    name: 'vanished-responder-throws',
    file: 'functions/paging/sns.sender.ts',
    find: "if (contact.channel === 'sms' && person?.phone) {",
    replace: "if (contact.channel === 'sms' && person!.phone) {",
    why: 'After a deploy, a page owed to somebody who has left cannot be read.',
    foundBy: ['no-bug-in-the-log', 'paged-in-time'],
  },
  {
    name: 'acknowledged-page-is-tried-again',
    file: 'functions/alerts/alert-pages.ts',
    find: "  if (alert.status !== 'triggered') return alert.status;",
    replace: "  if (alert.status === 'resolved') return alert.status;",
    why: 'A page whose sender crashed goes out although somebody has acknowledged meanwhile.',
    foundBy: ['quiet-after-acknowledgement'],
  },
  {
    name: 'bundle-drops-its-last-alert',
    file: 'functions/paging/take-slot-turn.ts',
    find: '  const nowMs = ports.nowMs();\n  const token = mintToken();',
    replace: `  bundle = bundle.slice(0, Math.max(1, bundle.length - 1));
  const nowMs = ports.nowMs();
  const token = mintToken();`,
    why: 'The message leaves the last one out, which is then settled as sent with the others.',
    foundBy: ['paged-in-time', 'the-timeline-explains'],
  },
  {
    name: 'line-emptied-as-it-is-read',
    file: 'functions/paging/take-slot-turn.ts',
    find: '  const sendable = pagesBeforeNotices(line.sendable);\n',
    replace: `  const sendable = pagesBeforeNotices(line.sendable);
  await Promise.all(line.sendable.map(({ row }) => ports.slots.leave(contact, row)));
`,
    why: 'After a crash nobody waits in the line any more.',
    foundBy: ['paged-in-time'],
  },
  {
    name: 'storm-forgets-what-it-told',
    file: 'functions/paging/take-slot-turn.ts',
    find: 'return { sent, told, turn: isEmpty',
    replace: 'return { sent, told: slot.told, turn: isEmpty',
    why: 'Once the turn is over nobody knows which rows the storm’s message told of: they are told again.',
    foundBy: ['duplicates-are-explained', 'the-timeline-explains'],
  },
  {
    name: 'storm-is-over-too-early',
    file: 'functions/paging/settle-told.ts',
    find: 'const isOver = rows.length < SETTLED_MOST &&',
    replace: 'const isOver = rows.length <= SETTLED_MOST &&',
    why: 'After the first hundred rows the storm is forgotten: the others are told again.',
    foundBy: ['duplicates-are-explained', 'the-timeline-explains'],
  },
];
