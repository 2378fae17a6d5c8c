import { All, Controller } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { NotFound } from '../errors/fhir-error.js';

/**
 * Whatever no other route serves. Being a route, it passes the guard, so that nobody learns what exists
 * without a credential.
 */
@ApiExcludeController()
@Controller()
export class UnknownRouteController {
  @All('*path')
  unknown(): never {
    throw new NotFound('There is no such route, or not with this method');
  }
}
