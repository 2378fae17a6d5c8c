import { ValidateIf } from 'class-validator';

/** The element may be left out. Unlike class-validator's own, `null` does not count as left out. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_object: object, value: unknown) => value !== undefined);
}
