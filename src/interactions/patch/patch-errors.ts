import { BadRequest, InvalidResource } from '../../errors/fhir-error.js';

/** The patch document is none of its kind: 400, naming the operation by its index. */
export class MalformedPatch extends BadRequest {
  /** @param expression of the operation, where the document is a resource */
  constructor(problem: string, index?: number, expression?: string) {
    const diagnostics = index === undefined ? problem : `Patch operation ${index}: ${problem}`;
    super(diagnostics, 'structure', expression);
  }
}

/** A well-formed patch does not fit the resource as it is: 422; nothing of it takes effect. */
export class PatchConflict extends InvalidResource {
  /** @param expression of the operation, where the document is a resource */
  constructor(problem: string, index: number, expression?: string) {
    const diagnostics = `Patch operation ${index}: ${problem}`;
    super([{ code: 'invalid', diagnostics, ...(expression === undefined ? {} : { expression }) }]);
  }
}
