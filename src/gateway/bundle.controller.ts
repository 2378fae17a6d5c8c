import { Controller, HttpCode, Post } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiTags,
} from '@nestjs/swagger';
import { DescribesBundle } from '../fhir/described-interaction.js';
import { FhirSettings } from '../fhir/fhir-settings.js';
import type { Answer } from '../interactions/http/answer.js';
import { Operation } from '../interactions/http/interaction-request.js';
import { Deadline } from '../interactions/load/deadline.js';
import { Passes, type Passage } from './passing/passage.js';
import { PassedBundles } from './requests/passed-bundles.js';

/** Several interactions for the upstream in one request (spec §9). */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@Controller('fhir')
export class PassedBundleController {
  constructor(
    private readonly bundles: PassedBundles,
    private readonly settings: FhirSettings,
  ) {}

  @Post()
  @HttpCode(200)
  @Operation('FhirTransaction')
  @DescribesBundle('Batch or transaction; policies decide each entry', [404, 409, 412, 422])
  @ApiConsumes('application/fhir+json', 'application/json', 'text/yaml')
  @ApiHeader({ name: 'Prefer', required: false, description: 'return=minimal, for instance' })
  @ApiBody({ schema: { type: 'object' } })
  process(@Passes() passage: Passage): Promise<Answer> {
    return this.bundles.process(passage, new Deadline(this.settings.bundleTimeoutMs));
  }
}
