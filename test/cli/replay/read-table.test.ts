import { describe, expect, it } from 'vitest';
import { readLives, toPlain } from '../../../cli/replay/read-table.ts';
import type { Alert, TimelineEntry } from '../../../functions/alerts/alert.ts';
import { keys } from '../../../functions/shared/table.ts';
import type { AttributeValue, Item } from '../../../local/dynamodb/attribute-value.ts';
import { minutesIn, OPENED_AT, resolved, sampleAlert, sampleEntry } from '../../support/sample-alert.ts';

/** The item as the table's protocol writes it. */
function toItem(row: object): Item {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toValue(value)]),
  );
}

function toValue(value: unknown): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return Array.isArray(value) ? { L: value.map(toValue) } : { M: toItem(value as object) };
}

const current = (alert: Alert) => toItem({ ...keys.alert(alert.id), ...alert });
const ended = (alert: Alert) =>
  toItem({ ...keys.endedAlert(alert.id, alert.openedAt), ...alert, timeline: [] });
const copied = (alert: Alert, entry: TimelineEntry) =>
  toItem({ ...keys.timelineRow(alert.id, entry), entries: [entry] });

const opened = sampleEntry(0, 'alert.opened');
const paged = sampleEntry(0, 'page.sent', { n: 1, level: 1, responder: 'ana', channel: 'sms' });
const told = sampleEntry(45, 'notice.sent', { version: 9 });

describe('readLives', () => {
  it('gives an open alert the entries copied out and those still in the item, each once', () => {
    const alert = sampleAlert({ timeline: [opened, paged] });
    expect(readLives([current(alert), copied(alert, opened)])).toEqual([
      { alert, timeline: [opened, paged] },
    ]);
  });

  it('tells two lives apart, and finds a late entry of the first in the item of the second', () => {
    const first = sampleAlert({ ...resolved('alarm', 45) });
    const openedAgain = { ...opened, openedAt: minutesIn(46), at: minutesIn(46) };
    const second = sampleAlert({ openedAt: minutesIn(46), timeline: [told, openedAgain] });
    const lives = readLives([current(second), ended(first), copied(first, opened)]);
    expect(lives.map(({ alert, timeline }) => [alert.openedAt, timeline])).toEqual([
      [minutesIn(46), [openedAgain]],
      [OPENED_AT, [opened, told]],
    ]);
  });

  it('counts a resolved alert once, although its tombstone and its ended copy both stand there', () => {
    const alert = sampleAlert({ ...resolved('alarm', 45) });
    expect(readLives([current(alert), ended(alert)])).toHaveLength(1);
  });

  it('leaves out what never lived: a tombstone that remembers an OK, links, slots', () => {
    const tombstone = sampleAlert({ ...resolved('alarm', 0), openedAt: 0 });
    const slot = toItem({ ...keys.slot('ana', 'sms'), version: 1 });
    const link = toItem({ ...keys.link('token'), responder: 'ana' });
    expect(readLives([current(tombstone), slot, link])).toEqual([]);
  });
});

describe('toPlain', () => {
  it('reads every type that an alert has', () => {
    const row = { text: 'a', number: 1.5, yes: true, none: null, list: [1, 'b'], map: { inner: 0 } };
    expect(toPlain(toItem(row))).toEqual(row);
  });
});
