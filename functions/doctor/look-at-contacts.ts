/** One look at all contacts: what the account says, what delivery reports have said, and what follows for each. */

import type { SituationStore } from '../holds/situation.store.ts';
import type { Situation } from '../holds/situation.ts';
import type { Operations } from '../operations/operations.ts';
import { type AccountReading, judgeContacts, type Verdict } from '../paging/reachability.ts';
import { withReports } from '../paging/reachability-marks.ts';
import type { AccountReader } from '../paging/sns-account.reader.ts';
import { checkAnswers, checkContacts, checkLevels, checkWatchers } from './check-contacts.ts';
import { checkSms } from './check-sms.ts';
import type { Finding } from './contract.ts';

export type ContactPorts = {
  account: AccountReader;
  situation: Pick<SituationStore, 'read'>;
  operations: Operations;
  nowMs: () => number;
};

export type ContactsSeen = {
  reading: AccountReading;
  situation: Situation;
  /** from the account alone */
  audited: Verdict[];
  /** with the delivery reports of the last hour */
  verdicts: Verdict[];
};

/** Changes nothing. */
export async function lookAtContacts(ports: ContactPorts): Promise<ContactsSeen> {
  const { account, situation, operations, nowMs } = ports;
  const [reading, standing] = await Promise.all([account.read(operations, nowMs()), situation.read()]);
  const audited = judgeContacts(operations, reading);
  return { reading, situation: standing, audited, verdicts: withReports(audited, standing, nowMs()) };
}

/** Who is told of these within minutes: the people, and the last resort. */
export function contactFindings({ reading, verdicts }: ContactsSeen, operations: Operations): Finding[] {
  return [...checkContacts(verdicts, operations), checkWatchers(reading, verdicts, operations)];
}

/** What follows for levels and the account. */
export function accountFindings(
  { reading, verdicts }: ContactsSeen,
  operations: Operations,
  nowMs: number,
): Finding[] {
  return [...checkLevels(verdicts, operations, nowMs), checkAnswers(reading), ...checkSms(reading)];
}
