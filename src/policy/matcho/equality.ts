import { isAbsent, isArray, isObject, own, type Json, type JsonObject } from '../json.js';
import { parseReference, sameTarget } from '../reference.js';
import { Undecidable, type WorkLimit } from './work-limit.js';

const MAX_DEPTH = 256;

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
    if (one === other) return true;
    if (isObject(one) || isObject(other)) return this.withObject(one, other, depth);
    return isArray(one) && isArray(other) && this.arrays(one, other, depth);
  }

  private withObject(one: Json, other: Json, depth: number): boolean {
    const target = parseReference(one);
    const otherTarget = target && parseReference(other);
    if (target && otherTarget) return sameTarget(target, otherTarget);
    return isObject(one) && isObject(other) && this.objects(one, other, depth);
  }

  private arrays(one: readonly Json[], other: readonly Json[], depth: number): boolean {
    if (one.length !== other.length) return false;
    return one.every((item, index) => this.between(item, other[index], depth + 1));
  }

  private objects(one: JsonObject, other: JsonObject, depth: number): boolean {
    const keys = Object.keys(one);
    if (keys.length !== Object.keys(other).length) return false;
    return keys.every((key) => this.between(own(one, key), own(other, key), depth + 1));
  }
}
