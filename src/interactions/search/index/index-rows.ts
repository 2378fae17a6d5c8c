/** Slot of the references of all elements together; the same in every release. */
export const ANY_REFERENCE = 0;

/** One value of an element, as the index keeps it. */
interface IndexRow {
  readonly slot: number;
  /** Which repetition of the outermost element it is from, from 1; 0 where nothing repeats. */
  readonly item: number;
}

/** A code, an identifier, a flag; without either where an element has no code. */
export interface TokenRow extends IndexRow {
  readonly system: string | null;
  readonly code: string | null;
}

/** A text, as it is and as it is compared. */
export interface StringRow extends IndexRow {
  readonly value: string;
  readonly exact: string;
}

/** A span of time, half-open; ISO 8601, or `-infinity` and `infinity` where it is open. */
export interface DateRow extends IndexRow {
  readonly low: string;
  readonly high: string;
}

/** A number or a range of numbers, both ends included, as decimal text; with the unit of a quantity. */
export interface QuantityRow extends IndexRow {
  readonly low: string | null;
  readonly high: string | null;
  readonly system: string | null;
  readonly code: string | null;
  readonly unit: string | null;
}

/** To a resource here by type and id, to anything else by URL; neither where it says only what it means. */
export interface ReferenceRow extends IndexRow {
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly url: string | null;
}

/** A URI as it is written. */
export interface UriRow extends IndexRow {
  readonly value: string;
}

/** Everything by which one resource is found. */
export interface IndexRows {
  readonly search_date: readonly DateRow[];
  readonly search_quantity: readonly QuantityRow[];
  readonly search_reference: readonly ReferenceRow[];
  readonly search_string: readonly StringRow[];
  readonly search_token: readonly TokenRow[];
  readonly search_uri: readonly UriRow[];
}
