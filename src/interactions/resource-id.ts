import { BadRequest } from '../errors/fhir-error.js';

/** Without `.` and `..`, which no URL can address: they are steps of a path. */
const ID = /^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/;

/** @throws BadRequest 400 for what cannot be the id of a resource of the type. */
export function assertResourceId(id: string, type: string): void {
  if (ID.test(id)) return;
  throw new BadRequest('An id has 1 to 64 of A-Z a-z 0-9 - .', 'value', `${type}.id`);
}
