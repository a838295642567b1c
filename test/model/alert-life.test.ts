import fc from 'fast-check';
import { expect, it } from 'vitest';
import { heldBy } from '../../functions/alerts/alert.ts';
import { elapsedAt, isActive } from '../../functions/alerts/alert-draft.ts';
import { AlertModel, type Hold } from './alert-model.ts';
import {
  clockTime,
  describeDeed,
  type Happening,
  happenings,
  MINUTE_MS,
  momentOf,
  START_MS,
  STEP_MS,
} from './happening.ts';
import { MODEL_RUNS } from './model-runs.ts';
import { RealAlert } from './real-alert.ts';
import { WorldAround } from './world-around.ts';

const RUNS = MODEL_RUNS.numRuns;

/** After the last thing that happens, so long is looked at. */
const AFTERWARDS_MS = 180 * MINUTE_MS;

it(`an alert lives as its model does, in ${RUNS} stories of up to 30 things that happen to it`, {
  timeout: 600_000,
}, () => {
  let messages = 0;
  fc.assert(
    fc.property(happenings, (story) => {
      messages += tellBoth(story);
    }),
    MODEL_RUNS,
  );
  expect(messages).toBeGreaterThan(RUNS * 5);
});

/** @returns how many messages were sent */
function tellBoth(story: readonly Happening[]): number {
  const around = new WorldAround();
  const model = new AlertModel(around);
  const real = new RealAlert(around);
  const lines: string[] = [];
  let at = START_MS;

  const compare = (nowMs: number) => {
    const told = `\n${lines.join('\n')}\n${clockTime(nowMs)} now`;
    expect({ told, ...standingOfReal(real, nowMs) }).toEqual({ told, ...standingOfModel(model) });
    expect({ told, sent: real.sent.map(inWords).sort() }).toEqual({
      told,
      sent: model.sent.map(inWords).sort(),
    });
  };
  const liveTo = (untilMs: number) => {
    for (; at < untilMs; at += STEP_MS) model.live(at);
    real.runTo(untilMs - 1);
  };

  for (const { when, deed } of story) {
    const nowMs = momentOf(when, at, real.alert?.dueAt);
    liveTo(nowMs);
    lines.push(`${clockTime(nowMs)} ${describeDeed(deed)}`);
    const isToBeReviewed = around.change(deed, nowMs);
    model.happen(deed, nowMs);
    real.happen(deed, nowMs);
    if (isToBeReviewed) real.review(nowMs);
    real.runTo(nowMs);
    model.live(nowMs);
    compare(nowMs);
    at = nowMs + STEP_MS;
  }
  liveTo(at + AFTERWARDS_MS);
  compare(at - STEP_MS);
  return model.sent.length;
}

function standingOfModel({ status, severity, holds, clock, ...model }: AlertModel) {
  const { acknowledged, highest, paged, unsent } = model;
  if (status === 'none' || status === 'resolved')
    return { status: 'resolved', unsent: unsent.map(unsentInWords).sort() };
  return {
    status,
    severity,
    holds: Object.keys(holds).sort(),
    clock,
    highest,
    acknowledged: acknowledged && [acknowledged.first, acknowledged.by],
    paged,
    unsent: unsent.map(unsentInWords).sort(),
  };
}

function standingOfReal({ alert }: RealAlert, nowMs: number): ReturnType<typeof standingOfModel> {
  const unsent = (alert?.pages ?? []).filter(isActive).map(unsentInWords).sort();
  if (!alert || alert.status === 'resolved') return { status: 'resolved', unsent };
  const { status, severity, acknowledgement, highestPagedLevel, paged } = alert;
  const holds = (Object.keys(alert.holds) as Hold[]).filter((hold) => alert.holds[hold] !== undefined).sort();
  // The model counts its present step.
  const runs = status === 'triggered' && heldBy(alert) === undefined;
  return {
    status,
    severity,
    holds,
    clock: elapsedAt(alert, nowMs) + (runs ? STEP_MS : 0),
    highest: highestPagedLevel,
    acknowledged: acknowledgement && [acknowledgement.firstBy, acknowledgement.by],
    paged: Object.fromEntries(paged.map(({ responder, level }) => [responder, level])),
    unsent,
  };
}

function inWords(one: {
  at: number;
  kind: string;
  level: number;
  responder: string;
  channel: string;
}): string {
  return `${clockTime(one.at)} ${unsentInWords(one)}`;
}

function unsentInWords({
  kind,
  level,
  responder,
  channel,
}: {
  kind: string;
  level: number;
  responder: string;
  channel: string;
}): string {
  return `${kind} ${level} ${responder} ${channel}`;
}
