import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CacheDrops } from '../../interactions/changes/cache-drops.js';
import type { Answer } from '../../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  type InteractionRequest,
} from '../../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../../interactions/http/unused-parameters.js';
import { AdministratorsOnly } from '../administrators-only.decorator.js';

/** What is cached of other services. */
@ApiTags('Administration')
@AdministratorsOnly()
@Controller()
export class CacheController {
  constructor(private readonly drops: CacheDrops) {}

  @Post('$drop-cache')
  @HttpCode(200)
  @Operation('DropCache')
  @ApiBasicAuth()
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Drop what is cached',
    description:
      'Forgets the keys of issuers, the results of introspection and verified tokens, and reads external secrets again, on every instance. For administrators only.',
  })
  @ApiResponse({ status: 200, description: 'Dropped here; elsewhere within a second. No body' })
  async dropCache(@Interaction() { query }: InteractionRequest): Promise<Answer> {
    refuseUnusedParameters(query);
    await this.drops.drop();
    return { status: 200, headers: { 'cache-control': 'no-store' } };
  }
}
