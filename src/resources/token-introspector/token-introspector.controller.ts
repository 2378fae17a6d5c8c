import { SystemResourceController } from '../definition/describe-routes.js';
import { systemResourceRoutes } from '../definition/system-resource-routes.js';
import { TokenIntrospectorDto } from './token-introspector.dto.js';
import { TOKEN_INTROSPECTOR_EXAMPLES } from './token-introspector.examples.js';
import { TokenIntrospectorService } from './token-introspector.service.js';

/** The routes of TokenIntrospector. */
@SystemResourceController('TokenIntrospector')
export class TokenIntrospectorController extends systemResourceRoutes(
  TokenIntrospectorDto,
  TOKEN_INTROSPECTOR_EXAMPLES,
) {
  constructor(protected readonly service: TokenIntrospectorService) {
    super();
  }
}
