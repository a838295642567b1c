/** Of whom a storm's message told beyond its list: everybody who stood in the contact's line then, and asked for somebody. */
import { linkHash } from '../../../functions/shared/table.ts';
import type { Publish, Row, Run } from '../run.ts';
import { historiesOf, isHeld, type LifeHistory, lifeKey, stateAt } from './life-history.ts';
import { onceOf } from './once-of.ts';

const TOKEN = /\/a\/([\w-]{22})/;

/** @returns keys of lives; a storm of resolved notices tells of those that have ended */
export function toldByStorm(run: Run, { responder, channel, at, body }: Publish): string[] {
  const token = TOKEN.exec(body)?.[1];
  const until = token === undefined ? undefined : stormsOf(run).get(linkHash(token));
  if (until === undefined) return [];
  const rows = lineAt(run, `contact#${responder}#${channel}`, at).filter(
    ({ putAt }) => Number(putAt) <= until,
  );
  const pages = rows.filter(({ isNotice }) => !isNotice).flatMap((row) => asking(run, row, at));
  const notices = rows.filter(({ isNotice }) => isNotice).map((row) => lifeAt(run, row, at));
  // Pages go before notices.
  const told = pages.length > 0 ? pages : notices;
  return [...new Set(told.filter((life) => life !== undefined).map(lifeKey))];
}

/** By the hash of its link: up to which moment the line is told of. */
const stormsOf = onceOf(
  (run: Run) =>
    new Map(
      run.items
        .filter(({ sk, storm }) => sk === 'link' && storm !== undefined)
        .map(({ pk, storm }) => [pk.slice('link#'.length), (storm as { until: number }).until]),
    ),
);

const linesOf = onceOf((run: Run) => {
  const lines = new Map<string, Run['writes'][number][]>();
  for (const write of run.writes) {
    if (!write.sk.startsWith('waiting#')) continue;
    const line = lines.get(write.pk) ?? [];
    line.push(write);
    lines.set(write.pk, line);
  }
  return lines;
});

function lineAt(run: Run, contact: string, atMs: number): Row[] {
  const standing = new Map<string, Row>();
  for (const { at, sk, after } of linesOf(run).get(contact) ?? []) {
    if (at > atMs) break;
    if (after) standing.set(sk, after);
    // What is settled at the very instant of the message was in the line when it began.
    else if (at < atMs) standing.delete(sk);
  }
  return [...standing.values()];
}

function lifeAt(run: Run, { alertId }: Row, atMs: number): LifeHistory | undefined {
  return livesById(run)
    .get(String(alertId))
    ?.findLast(({ openedAt }) => openedAt <= atMs);
}

/** What is answered or held is left out of the message. */
function asking(run: Run, row: Row, atMs: number): LifeHistory[] {
  const life = lifeAt(run, row, atMs);
  const alert = life && stateAt(life, atMs)?.alert;
  if (!life || !alert) return [];
  const page = alert.pages.find(({ id }) => id === row.pageId);
  // Its row may stand there still when whoever was to take it out has crashed.
  if (page?.settledAt !== undefined && page.settledAt < atMs) return [];
  const isMoot =
    alert.status === 'resolved' || (alert.status === 'acknowledged' && page?.kind !== 'reminder');
  return isMoot || (isHeld(alert) && !page?.byHand) ? [] : [life];
}

const livesById = onceOf((run: Run) => {
  const lives = new Map<string, LifeHistory[]>();
  for (const life of historiesOf(run)) lives.set(life.id, [...(lives.get(life.id) ?? []), life]);
  return lives;
});
