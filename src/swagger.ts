import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { AppConfig } from './config/app-config.js';
import { VERSION } from './version.js';

/** Path of the interactive description; the description itself is `openapi.json` below it. */
export const DOCS_PATH = 'docs';

/**
 * Mounts the interactive description of the API. It stands beside the router and so outside the guard,
 * which is on purpose: it tells what the source code tells. WARDGATE_DOCS_PUBLIC=false leaves it out.
 */
export function mountDocs(app: NestFastifyApplication, config: AppConfig): void {
  if (!config.web.isDocsPublic) return;
  SwaggerModule.setup(DOCS_PATH, app, () => describeApi(app, config), {
    jsonDocumentUrl: `${DOCS_PATH}/openapi.json`,
    yamlDocumentUrl: `${DOCS_PATH}/openapi.yaml`,
    customSiteTitle: 'Wardgate API',
    swaggerOptions: { persistAuthorization: false, tagsSorter: 'alpha', docExpansion: 'none' },
  });
}

function describeApi(app: NestFastifyApplication, config: AppConfig): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('Wardgate')
    .setDescription(
      'The gate between a FHIR R4 API and the identity providers you already run. ' +
        'Authorize with Basic as a Client (root, at first) or with a bearer token of a configured provider.',
    )
    .setVersion(VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(config.web.baseUrl)
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'Id and secret of a Client' })
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'Access token that a TokenIntrospector vouches for',
    })
    .build();
  return SwaggerModule.createDocument(app, description);
}
