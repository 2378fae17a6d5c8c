import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { describeApi } from './api-description.js';
import type { AppConfig } from './config/app-config.js';

/** Path of the interactive description; the description itself is `openapi.json` below it. */
export const DOCS_PATH = 'docs';

/**
 * Mounts the interactive description of the API. It stands beside the router and so outside the guard,
 * which is on purpose: it tells what the source code tells. WARDGATE_DOCS_PUBLIC=false leaves it out.
 */
export function mountDocs(app: NestFastifyApplication, config: AppConfig): void {
  if (!config.web.isDocsPublic) return;
  SwaggerModule.setup(DOCS_PATH, app, () => describeApi(app, config.web.baseUrl), {
    jsonDocumentUrl: `${DOCS_PATH}/openapi.json`,
    yamlDocumentUrl: `${DOCS_PATH}/openapi.yaml`,
    customSiteTitle: 'Wardgate API',
    swaggerOptions: { persistAuthorization: false, docExpansion: 'none', filter: true },
  });
}
