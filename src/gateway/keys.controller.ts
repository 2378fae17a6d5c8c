import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/public.decorator.js';
import type { Answer } from '../interactions/http/answer.js';
import { AnswersAs } from '../interactions/http/answers-as.decorator.js';
import { CallerIdentity } from './upstream/caller-identity.js';

/** The keys by which the upstream verifies what Wardgate tells it about callers (RFC 7517 §5). */
@ApiTags('FHIR')
@Controller('.well-known')
export class KeysController {
  constructor(private readonly identity: CallerIdentity) {}

  @Get('jwks.json')
  @Public('The upstream verifies signatures by it; public keys are no secret')
  @AnswersAs('application/jwk-set+json')
  @ApiOperation({ summary: 'Public keys of this server' })
  @ApiResponse({ status: 200, description: 'A JWK set', schema: { example: { keys: [] } } })
  async keys(): Promise<Answer> {
    const keys = await this.identity.publicKeys();
    return { status: 200, headers: {}, text: JSON.stringify({ keys }) };
  }
}
