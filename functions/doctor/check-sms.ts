/** Findings about SMS that concern the whole account: the sandbox, the spend limit, the logs of failed deliveries. */
import type { AccountReading } from '../paging/reachability.ts';
import { notAnswered } from './asked.ts';
import type { Finding } from './contract.ts';

/** Beyond this part of the limit a storm may spend the rest. */
const SPENT_MOST = 0.8;

/** A new account's; a day of a bad storm costs more. Source: aws-facts, SMS */
const SMALL_LIMIT_USD = 1;

const RAISE =
  'Raise it: `aws sns set-sms-attributes --attributes MonthlySpendLimit=N`, N up to the account\'s quota; beyond it ask AWS first (Service Quotas, "Account spend threshold (USD) for SMS").';

/** @returns nothing for a team without phones */
export function checkSms(reading: AccountReading): Finding[] {
  if (Object.keys(reading.optedOut).length === 0) return [];
  return [checkSandbox(reading), checkSpend(reading), checkDeliveryLogs(reading)];
}

function checkSandbox({ sandbox }: AccountReading): Finding {
  const finding = { id: 'sms-sandbox', title: 'SMS sandbox' };
  if ('unknown' in sandbox) return notAnswered(finding, sandbox.unknown);
  if (sandbox.value === null) return { ...finding, state: 'ok', found: 'the account is out of it' };
  return {
    ...finding,
    state: 'warning',
    found: `the account is in it: SMS go to verified numbers only, ${sandbox.value.verified.length} so far`,
    advice:
      'Ask AWS to move the account to production: SNS console, Text messaging (SMS), "Exit SMS sandbox". It takes about a day.',
  };
}

function checkSpend({ sms, spentUsd }: AccountReading): Finding {
  const finding = { id: 'sms-spend', title: 'SMS spend limit' };
  if ('unknown' in sms) return notAnswered(finding, sms.unknown);
  if ('unknown' in spentUsd) return notAnswered(finding, spentUsd.unknown);
  const limit = sms.value.monthlySpendLimitUsd;
  const part = limit > 0 ? spentUsd.value / limit : 1;
  const found = `${Math.floor(part * 100)} % of ${limit} USD a month is spent`;
  if (part >= 1)
    return { ...finding, state: 'failure', found: `${found}: SNS drops every SMS`, advice: RAISE };
  if (part >= SPENT_MOST) return { ...finding, state: 'warning', found, advice: RAISE };
  if (limit <= SMALL_LIMIT_USD) {
    return {
      ...finding,
      state: 'warning',
      found: `${limit} USD a month, which is some 100 SMS or fewer: beyond it SNS drops them`,
      advice: RAISE,
    };
  }
  return { ...finding, state: 'ok', found };
}

function checkDeliveryLogs({ sms }: AccountReading): Finding {
  const finding = { id: 'sms-delivery-logs', title: 'Logs of failed SMS' };
  if ('unknown' in sms) return notAnswered(finding, sms.unknown);
  if (sms.value.logsFailures) return { ...finding, state: 'ok', found: 'SNS writes them' };
  return {
    ...finding,
    state: 'warning',
    found: 'SNS does not write them: an SMS that does not arrive passes for sent',
    advice:
      'Run `aws sns set-sms-attributes --attributes DeliveryStatusIAMRole=ARN,DeliveryStatusSuccessSamplingRate=0` with the output SmsDeliveryStatusRoleArn of the stack. It is a setting of the whole account: see docs/reachability.md.',
  };
}
