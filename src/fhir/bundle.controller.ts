import { Controller, Post } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiTags,
} from '@nestjs/swagger';
import { BundleProcessor } from '../interactions/bundle/bundle-processor.js';
import { EntryAuthorizer } from '../interactions/bundle/entry-authorizer.js';
import { responseBundle } from '../interactions/bundle/entry-response.js';
import type { Answer } from '../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  requiredBody,
  type InteractionRequest,
} from '../interactions/http/interaction-request.js';
import { Deadline } from '../interactions/load/deadline.js';
import { DescribesBundle } from './described-interaction.js';
import { FhirSettings } from './fhir-settings.js';
import { refuseUnusedParameters } from '../interactions/http/unused-parameters.js';

const EXAMPLE = {
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    {
      fullUrl: 'urn:uuid:7c0a2d5e-6f0c-4a5e-9d3b-0a4b6b7f5b11',
      resource: { resourceType: 'Patient', name: [{ family: 'Chalmers', given: ['Peter'] }] },
      request: { method: 'POST', url: 'Patient' },
    },
    {
      resource: {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'Body weight' },
        subject: { reference: 'urn:uuid:7c0a2d5e-6f0c-4a5e-9d3b-0a4b6b7f5b11' },
      },
      request: { method: 'POST', url: 'Observation' },
    },
  ],
};

/** Several interactions in one request (spec §9). */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@Controller('fhir')
export class BundleController {
  constructor(
    private readonly bundles: BundleProcessor,
    private readonly authorizer: EntryAuthorizer,
    private readonly settings: FhirSettings,
  ) {}

  @Post()
  @Operation('FhirTransaction')
  @DescribesBundle('Batch or transaction; policies decide each entry', [404, 409, 412, 422])
  @ApiConsumes('application/fhir+json', 'application/json', 'text/yaml')
  @ApiHeader({ name: 'Prefer', required: false, description: 'return=minimal, for instance' })
  @ApiBody({ schema: { type: 'object', example: EXAMPLE } })
  async process(@Interaction() request: InteractionRequest): Promise<Answer> {
    refuseUnusedParameters(request.query);
    const { type, responses } = await this.bundles.process(
      requiredBody(request),
      this.authorizer.snapshot(request),
      {
        requester: request,
        prefer: request.prefer,
        takenIds: 'replaced',
        deadline: new Deadline(this.settings.bundleTimeoutMs),
      },
    );
    return { status: 200, headers: {}, text: responseBundle(type, responses) };
  }
}
