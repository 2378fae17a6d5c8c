/** Beyond as many, values are used as they come: names in policies are not ours to bound. */
const MAX_INTERNED = 1_000;
/** Likewise those with longer keys: few policies share what takes as much to tell apart. */
const MAX_KEY = 1_000;

/**
 * Values that exist once, however many policies hold them: less memory, and what many policies share is
 * found in a cache of the processor.
 */
export class Interned<T> {
  private readonly known = new Map<string, T>();

  /** The value that came first under the key, which must tell different values apart. */
  of(key: string, value: T): T {
    if (key.length > MAX_KEY) return value;
    const first = this.known.get(key);
    if (first !== undefined) return first;
    if (this.known.size < MAX_INTERNED) this.known.set(key, value);
    return value;
  }
}
