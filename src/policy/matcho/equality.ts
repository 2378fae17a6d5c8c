import {
  isAbsent,
  isArray,
  isObject,
  own,
  ownString,
  type Json,
  type JsonObject,
} from '../json.js';
import { keyCount, keysOf, type Work } from '../key-count.js';
import { MAX_REFERENCE, parseReference, sameTarget, type ReferenceTarget } from '../reference.js';
import { Undecidable, type WorkLimit } from './work-limit.js';

const MAX_DEPTH = 256;

/** Units that each character of a text takes that is gone through. */
export const CHARACTER = 1 / 512;

/** Equality of two values of a request (spec §8); typed, deep, order of keys aside. */
export class Equality {
  constructor(private readonly work: WorkLimit) {}

  /**
   * Whether both are there and equal. References are equal if they name the same resource.
   *
   * An absent value never equals another absent value.
   * @throws Undecidable when the values are too large or too deep.
   */
  between(one: Json | undefined, other: Json | undefined, depth = 0): boolean {
    if (depth > MAX_DEPTH) throw new Undecidable();
    this.work.spend(1);
    if (isAbsent(one) || isAbsent(other)) return false;
    if (typeof one === 'string' && typeof other === 'string') return this.texts(one, other);
    if (one === other) return true;
    if (isObject(one) || isObject(other)) return this.withObject(one, other, depth);
    return this.arrays(one, other, depth);
  }

  private texts(one: string, other: string): boolean {
    if (one.length !== other.length) return false;
    this.work.spend(one.length * CHARACTER);
    return one === other;
  }

  private withObject(one: Json, other: Json, depth: number): boolean {
    const target = referenceIn(one, this.work);
    const otherTarget = target && referenceIn(other, this.work);
    if (target && otherTarget) return sameTarget(target, otherTarget);
    return isObject(one) && isObject(other) && this.objects(one, other, depth);
  }

  private arrays(one: Json, other: Json, depth: number): boolean {
    if (!isArray(one) || !isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => this.between(item, other[index], depth + 1));
  }

  private objects(one: JsonObject, other: JsonObject, depth: number): boolean {
    if (keyCount(one, this.work) !== keyCount(other, this.work)) return false;
    return keysOf(one, this.work).every((key) =>
      this.between(own(one, key), own(other, key), depth + 1),
    );
  }
}

/**
 * The target of a reference in any form; `undefined` for everything else.
 *
 * @throws Undecidable or WorkSpent when the work does not suffice.
 */
export function referenceIn(value: Json | undefined, work: Work): ReferenceTarget | undefined {
  const text = typeof value === 'string' ? value : ownString(value, 'reference');
  if (text !== undefined) work.spend(Math.min(text.length, MAX_REFERENCE) * CHARACTER);
  return parseReference(value, work);
}
