import { BadRequest, InvalidResource } from '../../errors/fhir-error.js';

/** The patch document is no JSON Patch: 400, naming the operation by its index. */
export class MalformedPatch extends BadRequest {
  constructor(problem: string, index?: number) {
    super(index === undefined ? problem : `Patch operation ${index}: ${problem}`, 'structure');
  }
}

/** A well-formed patch does not fit the resource as it is: 422; nothing of it takes effect. */
export class PatchConflict extends InvalidResource {
  constructor(problem: string, index: number) {
    super([{ code: 'invalid', diagnostics: `Patch operation ${index}: ${problem}` }]);
  }
}
