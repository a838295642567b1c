/** Speaks PagerDuty's Events API v2: one event in each request. */
import { PAGERDUTY_ROUTE } from '../../../functions/intake/contract.ts';
import { type Letter, post, type SenderEvent } from './letter.ts';

const STATES = { trigger: 'alarm', resolve: 'ok', acknowledge: 'acknowledge' } as const;

export function pagerDutyLetter(event: SenderEvent, nowMs: number): Letter {
  const { sender, action, key, severity = 'critical', class: kind } = event;
  const body = {
    event_action: action,
    dedup_key: key,
    ...(action === 'trigger' && {
      payload: {
        summary: `${key} is broken`,
        source: 'simulator',
        severity,
        timestamp: new Date(nowMs).toISOString(),
        ...(kind && { class: kind }),
      },
    }),
  };
  return {
    sender,
    signals: [{ name: `${sender}/${key}`, state: STATES[action], saidAt: nowMs }],
    request: (secret) => post(PAGERDUTY_ROUTE, { routing_key: secret, ...body }),
    // Also while its key has ended: whoever minds it will give it another.
    isSentAgainAfter: () => true,
  };
}
