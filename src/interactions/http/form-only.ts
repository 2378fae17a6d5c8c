import { UnsupportedMediaType } from '../../errors/fhir-error.js';
import type { InteractionRequest } from './interaction-request.js';

/**
 * Of a search by a form, the form is among the parameters; any other body would be passed over (FHIR R4,
 * RESTful API §3.1.0.9).
 *
 * @throws UnsupportedMediaType 415
 */
export function assertFormOnly({ body }: Pick<InteractionRequest, 'body'>): void {
  if (body) throw new UnsupportedMediaType('_search takes application/x-www-form-urlencoded');
}
