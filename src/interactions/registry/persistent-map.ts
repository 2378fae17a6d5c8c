/** Changes to a map: new values by key; `undefined` for one that is gone. */
export type MapChanges<V> = ReadonlyMap<string, V | undefined>;

/** Power of two, so that a hash is cut by a mask. Of 10,000 keys a bucket holds some forty. */
const BUCKETS = 256;

/**
 * A map that never changes: a change makes another one, which shares with it all but the buckets of the
 * changed keys. Whoever holds the old one goes on seeing the old content.
 */
export class PersistentMap<V> {
  private constructor(
    private readonly buckets: readonly (ReadonlyMap<string, V> | undefined)[],
    readonly size: number,
  ) {}

  static of<V>(entries: Iterable<readonly [string, V]>): PersistentMap<V> {
    const buckets: (Map<string, V> | undefined)[] = Array.from({ length: BUCKETS });
    let size = 0;
    for (const [key, value] of entries) {
      const at = bucketOf(key);
      const bucket = (buckets[at] ??= new Map());
      if (!bucket.has(key)) size += 1;
      bucket.set(key, value);
    }
    return new PersistentMap(buckets, size);
  }

  get(key: string): V | undefined {
    return this.buckets[bucketOf(key)]?.get(key);
  }

  /** In no order that means anything. */
  *values(): IterableIterator<V> {
    for (const bucket of this.buckets) if (bucket) yield* bucket.values();
  }

  /** In no order that means anything. */
  *keys(): IterableIterator<string> {
    for (const bucket of this.buckets) if (bucket) yield* bucket.keys();
  }

  /** The map after changes, in time that grows with their number. */
  with(changes: MapChanges<V>): PersistentMap<V> {
    const buckets = [...this.buckets];
    const copies = new Map<number, Map<string, V>>();
    let size = this.size;
    for (const [key, value] of changes) {
      const at = bucketOf(key);
      const copy = copies.get(at) ?? new Map(buckets[at]);
      copies.set(at, copy);
      buckets[at] = copy;
      const before = copy.size;
      if (value === undefined) copy.delete(key);
      else copy.set(key, value);
      size += copy.size - before;
    }
    return new PersistentMap(buckets, size);
  }
}

/** FNV-1a, which spreads ids that differ in their last characters. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  }
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}
