/** What both alerts, the model and the real one, find around them: windows, what explains them, SNS, CloudWatch. */
import type { AlarmReading } from '../../functions/alerts/advance-alert.ts';
import { type Deed, type Member, MINUTE_MS, STEP_MS } from './happening.ts';
import type { Severity } from './procedures-of-model.ts';

export type AroundWindow = {
  hold: 'maintenance' | 'silenced';
  severity: Severity | undefined;
  from: number;
  until: number;
};

export class WorldAround {
  windows: AroundWindow[] = [];
  /** another alert explains this one, since then */
  explainedSince: number | undefined;
  reading: AlarmReading = { state: 'alarm', suppressed: true };
  readonly #saidAt: Partial<Record<Member, number>> = {};
  #outageUntil = 0;

  /** @returns whether the alert's holds are to be looked at again */
  change(deed: Deed, nowMs: number): boolean {
    if (deed.do === 'signal') this.#saidAt[deed.member] = this.saidAt(deed, nowMs);
    if (deed.do === 'window') {
      const from = nowMs + deed.inMinutes * MINUTE_MS;
      const until = from + deed.minutes * MINUTE_MS;
      this.windows.push({ hold: deed.hold, severity: deed.severity, from, until });
    } else if (deed.do === 'end-windows') this.windows = [];
    else if (deed.do === 'inhibit') this.explainedSince ??= nowMs;
    else if (deed.do === 'release') this.explainedSince = undefined;
    else {
      if (deed.do === 'alarm-reads') this.reading = deed.reading;
      // One at a time: so long ones as make a page undeliverable are a property of their own.
      if (deed.do === 'outage' && this.#outageUntil + 2 * MINUTE_MS < nowMs)
        this.#outageUntil = nowMs + deed.minutes * MINUTE_MS;
      return false;
    }
    return true;
  }

  /** When the sender says that its alarm changed. */
  saidAt({ member, said }: Deed & { do: 'signal' }, nowMs: number): number {
    return said === 'same' ? (this.#saidAt[member] ?? nowMs) : nowMs - said * STEP_MS;
  }

  snsRefuses(nowMs: number): boolean {
    return nowMs < this.#outageUntil;
  }
}
