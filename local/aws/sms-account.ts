/** What decides in an account whether an SMS arrives: opt-outs, the sandbox, the spend limit, carriers. */
import type { Kept } from '../kept-state.ts';

export type SmsState = {
  optedOut: string[];
  /** what the carrier says of every message to the number */
  failing: Record<string, string>;
  sandbox: boolean;
  /** the numbers that the sandbox sends to */
  verified: string[];
  spentUsd: number;
  /** as SetSMSAttributes has them */
  attributes: Record<string, string>;
};

export type SmsAccount = ReturnType<typeof openSmsAccount>;

/** In a wording of AWS's, as far as it is known; that of the sandbox is not. */
const REFUSALS = {
  optedOut: 'Phone number is opted out',
  sandbox: 'Phone number is not verified in the SMS sandbox',
  spent: 'No quota left for account',
};

/** An account that is ready for use: out of the sandbox, with a limit that a team asked for, and failures logged. */
export function openSmsAccount(account: string, kept: Kept<SmsState>) {
  const state: SmsState = kept.before ?? {
    optedOut: [],
    failing: {},
    sandbox: false,
    verified: [],
    spentUsd: 0,
    attributes: {
      MonthlySpendLimit: '100',
      DefaultSMSType: 'Transactional',
      DeliveryStatusIAMRole: `arn:aws:iam::${account}:role/SNSFailureFeedback`,
      DeliveryStatusSuccessSamplingRate: '0',
    },
  };
  return {
    state: state as Readonly<SmsState>,
    change(edit: Partial<SmsState>): void {
      Object.assign(state, edit);
      kept.save(state);
    },
    /** Why a message to that number is accepted and dropped; absent when it arrives. */
    refusalOf(number: string): string | undefined {
      if (state.optedOut.includes(number)) return REFUSALS.optedOut;
      if (state.sandbox && !state.verified.includes(number)) return REFUSALS.sandbox;
      if (state.spentUsd >= Number(state.attributes.MonthlySpendLimit)) return REFUSALS.spent;
      return state.failing[number];
    },
    /** Whether SNS writes down what it could not deliver. */
    logsFailures: () => Boolean(state.attributes.DeliveryStatusIAMRole),
  };
}

/**
 * What SNS writes into the log group of its failures. Source: SNS guide, viewing SMS delivery logs
 * @param atMs  when it was published
 */
export function failureLog(
  messageId: string,
  number: string,
  providerResponse: string,
  atMs: number,
): string {
  return JSON.stringify({
    notification: { messageId, timestamp: new Date(atMs).toISOString().replace('T', ' ').replace('Z', '') },
    delivery: {
      destination: number,
      smsType: 'Transactional',
      providerResponse,
      dwellTimeMs: 174,
    },
    status: 'FAILURE',
  });
}
