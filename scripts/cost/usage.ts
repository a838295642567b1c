/** How much of what AWS bills was used, and because of what. */
import type { Item } from './data.ts';

export type UsageLine = { item: Item; cause: string; quantity: number };

export class Usage {
  readonly #quantities = new Map<string, UsageLine>();

  add(item: Item, cause: string, quantity: number): void {
    const key = `${item} ${cause}`;
    const line = this.#quantities.get(key);
    if (line) line.quantity += quantity;
    else this.#quantities.set(key, { item, cause, quantity });
  }

  addAll(other: Usage, times = 1): void {
    for (const { item, cause, quantity } of other.lines()) this.add(item, cause, quantity * times);
  }

  lines(): UsageLine[] {
    return [...this.#quantities.values()];
  }

  /** Of all causes together. */
  quantityOf(item: Item): number {
    return this.lines().reduce((sum, line) => sum + (line.item === item ? line.quantity : 0), 0);
  }
}
