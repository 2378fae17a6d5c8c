/** What is kept: so many entries, and so much altogether in the unit of their weight. */
export interface CacheLimits {
  readonly entries: number;
  readonly weight: number;
}

/** Keeps what was used last, as much of it as its limits allow. */
export class WeighedCache<T extends { readonly weight: number }> {
  /** The one that was used last is the last. */
  private readonly held = new Map<string, T>();
  private weight = 0;

  constructor(private readonly limits: CacheLimits) {}

  /** @returns `undefined` for what is not kept, or no longer */
  get(key: string): T | undefined {
    const value = this.held.get(key);
    if (!value) return undefined;
    this.held.delete(key);
    this.held.set(key, value);
    return value;
  }

  /** What is too heavy by itself is not kept, and pushes nothing out. */
  keep(key: string, value: T): void {
    this.drop(key);
    if (value.weight > this.limits.weight) return;
    this.held.set(key, value);
    this.weight += value.weight;
    for (const oldest of this.held.keys()) {
      if (this.weight <= this.limits.weight && this.held.size <= this.limits.entries) break;
      this.drop(oldest);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.held.clear();
    this.weight = 0;
  }

  private drop(key: string): void {
    this.weight -= this.held.get(key)?.weight ?? 0;
    this.held.delete(key);
  }
}
