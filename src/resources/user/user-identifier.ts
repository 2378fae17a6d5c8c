import { isArray, own, ownString, type JsonObject } from '../../policy/json.js';

/** By what name a system knows a User; unique over all Users. */
export interface UserIdentifier {
  readonly system: string;
  readonly value: string;
}

/** A row of the uniqueness index must fit an index page of PostgreSQL. */
export const MAX_IDENTIFIER_BYTES = 2000;

/** Whether PostgreSQL can hold the identifier: it takes neither NUL nor lone surrogates. */
export function isStorableIdentifier({ system, value }: UserIdentifier): boolean {
  const text = system + value;
  return !/[\0\p{Surrogate}]/u.test(text) && Buffer.byteLength(text) <= MAX_IDENTIFIER_BYTES;
}

/** The identifiers of a User that name both a system and a value. */
export function identifiersOf(user: JsonObject): readonly UserIdentifier[] {
  const entries = own(user, 'identifier');
  if (!isArray(entries)) return [];
  return entries.flatMap((entry) => {
    const system = ownString(entry, 'system');
    const value = ownString(entry, 'value');
    return system && value ? [{ system, value }] : [];
  });
}

/** Whether two identifiers are the same. */
export function isSameIdentifier(one: UserIdentifier, other: UserIdentifier): boolean {
  return one.system === other.system && one.value === other.value;
}
