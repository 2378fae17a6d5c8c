import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { BadRequest, UnsupportedMediaType } from '../../errors/fhir-error.js';
import { FhirErrorFilter } from '../../errors/fhir-error.filter.js';

/** The Authorization API knows 400 for a media type that is not read, and no 415 (AuthZEN §10.1.6). */
@Catch(UnsupportedMediaType)
export class EvaluationMediaTypeFilter implements ExceptionFilter {
  private readonly failures = new FhirErrorFilter();

  catch({ message }: UnsupportedMediaType, host: ArgumentsHost): void {
    this.failures.catch(new BadRequest(message, 'not-supported'), host);
  }
}
