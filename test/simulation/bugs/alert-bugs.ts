/** Deliberate bugs in the alert: its writes, its clock, its answers, its holds. */
import type { Bug } from '../bugs.ts';

export const alertBugs: readonly Bug[] = [
  {
    name: 'condition-dropped',
    file: 'functions/alerts/alert.store.ts',
    find: "'attribute_not_exists(pk)' : '#version = :before',",
    replace: "'attribute_not_exists(pk)' : '#version = :before OR attribute_exists(pk)',",
    why: 'The write of an alert succeeds whoever was faster: what they wrote is lost.',
    foundBy: ['item-timeline-and-lists-agree', 'an-acknowledgement-stays', 'the-timeline-explains'],
    foundAt: 2,
  },
  {
    name: 'acknowledgement-overwritten',
    file: 'functions/alerts/change-alert.ts',
    find: '    if (await store.write(decision.alert)) return decision;',
    replace: `    if (await store.write(decision.alert)) return decision;
    const version = (await store.read(id))!.version + 1;
    if (await store.write({ ...decision.alert, version })) return decision;`,
    why: 'A write that lost the race is made again over what has won it, an acknowledgement for instance.',
    foundBy: ['item-timeline-and-lists-agree', 'an-acknowledgement-stays', 'the-timeline-explains'],
    foundAt: 2,
  },
  {
    name: 'timeline-cut-before-it-is-copied',
    file: 'functions/alerts/change-alert.ts',
    find: '      await store.copyTimeline(id, before.timeline);\n',
    replace: '',
    why: 'The entries leave the item, and stand nowhere else.',
    foundBy: ['item-timeline-and-lists-agree', 'the-timeline-explains'],
    foundAt: 2,
  },
  {
    name: 'ended-life-not-copied-first',
    file: 'functions/intake/receive.ts',
    find: "    if (decided.kind === 'changed' && decided.ended) await ports.alerts.copyEnded(decided.ended);\n",
    replace: '',
    why: 'A trigger that comes before the ended life was copied out writes over it.',
    foundBy: ['item-timeline-and-lists-agree', 'the-timeline-explains'],
    foundAt: 71,
  },
  {
    name: 'due-at-cleared-too-early',
    file: 'functions/alerts/alert-draft.ts',
    find: 'moments.push(alert.acknowledgement.remindAt, alert.acknowledgement.forgottenAt);',
    replace: 'moments.push(alert.acknowledgement.remindAt);',
    why: 'Once the reminder is on its way nothing is due: a forgotten alert stays forgotten.',
    foundBy: ['open-alerts-are-due', 'forgotten-in-time'],
    foundAt: 2,
  },
  {
    name: 'only-what-is-to-come-is-due',
    file: 'functions/alerts/alert-draft.ts',
    find: "moments.filter((moment) => typeof moment === 'number');",
    replace: "moments.filter((moment) => typeof moment === 'number' && moment > nowMs);",
    why: 'A page that is owed now, by an answer for instance, waits for the alert’s next moment.',
    foundBy: ['paged-in-time', 'open-alerts-are-due', 'no-bug-in-the-log'],
    foundAt: 5,
  },
  {
    name: 'empty-level-waits',
    file: 'functions/alerts/escalate.ts',
    find: '  const rises = draft.highestPagedLevel > 0',
    replace: `  if (decision.kind === 'page' && decision.empty.length > 0) return;
  const rises = draft.highestPagedLevel > 0`,
    why: 'The moment of a level without anybody pages nobody.',
    foundBy: ['paged-in-time'],
    foundAt: 5,
  },
  {
    name: 'nobody-reachable-is-silent',
    file: 'functions/alerts/escalate.ts',
    find: `    pageWatchers(draft, nowMs, decision.level, whyEmpty(decision, decision.level), byHand);
    return;`,
    replace: '    return;',
    why: 'When nobody can be reached, nobody is told so.',
    foundBy: ['nobody-reachable-ends-at-the-watchers'],
    foundAt: 38,
  },
  {
    name: 'repeat-counts-from-the-opening',
    file: 'functions/escalation/escalation-policy.ts',
    find: 'atMs: moment.atMs + repeat.everyMinutes * MINUTE_MS }',
    replace:
      'atMs: (Math.floor(moment.atMs / (repeat.everyMinutes * MINUTE_MS)) + 1) * repeat.everyMinutes * MINUTE_MS }',
    why: 'The repeat after an escalation by hand comes at the next round interval, not a whole one later.',
    foundBy: ['no-page-without-its-moment', 'paged-in-time'],
    foundAt: 7,
  },
  {
    name: 'retrigger-pages-the-acknowledger',
    file: 'functions/alerts/receive-signal.ts',
    find: '    if (severityRose) raiseSeverity',
    replace: "    if (severityRose || draft.status === 'acknowledged') raiseSeverity",
    why: 'An alarm that fires again withdraws the acknowledgement: whoever works on it is paged for it.',
    foundBy: ['an-acknowledgement-stays', 'no-page-without-its-moment'],
    foundAt: 13,
  },
  {
    name: 'reminder-never-sent',
    file: 'functions/alerts/remind.ts',
    find: "    owePages(draft, nowMs, { kind: 'reminder', level: draft.highestPagedLevel, contacts });\n",
    replace: '',
    why: 'A forgotten acknowledgement escalates without a reminder.',
    foundBy: ['forgotten-in-time'],
    foundAt: 2,
  },
  {
    name: 'hold-drops-what-is-owed',
    file: 'functions/alerts/alert-holds.ts',
    find: '  if (ended) releaseWaitingPages(draft);\n',
    replace: `  if (ended) releaseWaitingPages(draft);
  if (ended) draft.pages = draft.pages.filter(({ status }) => status !== 'owed');
`,
    why: 'What was owed when a hold began is gone when it ends.',
    foundBy: ['paged-in-time', 'the-timeline-explains'],
    foundAt: 26,
  },
  {
    name: 'settled-pages-are-kept',
    file: 'functions/alerts/alert-draft.ts',
    find: '  prunePages(draft);\n',
    replace: '',
    why: 'An alert that nobody answers keeps every page it has ever sent: its item grows without end.',
    foundBy: ['item-is-bounded'],
    foundAt: 0,
  },
];
