import { MalformedPatch, PatchConflict } from '../../interactions/patch/patch-errors.js';

/** 400: an operation of a FHIRPath Patch is none. */
export function malformedOperation(problem: string, index: number): MalformedPatch {
  return new MalformedPatch(problem, index, placeOf(index));
}

/** 422: an operation of a FHIRPath Patch does not fit the resource as it is. */
export function unfitOperation(problem: string, index: number): PatchConflict {
  return new PatchConflict(problem, index, placeOf(index));
}

function placeOf(index: number): string {
  return `Parameters.parameter[${index}]`;
}
