import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DESCRIBED_TAGS, PLAIN_TAG } from './api-tags.js';
import { FAILURES, SCHEMAS, failuresOf, type Failures } from './described-failures.js';
import { OPERATION } from './interactions/http/interaction-request.js';
import { VERSION } from './version.js';

type PathItem = OpenAPIObject['paths'][string];
type OperationObject = NonNullable<PathItem['get']>;

/** The order in which a path's operations are read. */
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/**
 * The API as an OpenAPI document, from the decorators of controllers and DTOs. What they cannot know
 * is added here: which operation policies see, what failures mean, and that two routes are one.
 */
export function describeApi(app: NestFastifyApplication, baseUrl: string): OpenAPIObject {
  const document = withoutSuffix(
    SwaggerModule.createDocument(app, frame(baseUrl), { operationIdFactory: operationId }),
  );
  const policyOperations = policyOperationsOf(app);
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const isPlain = Object.hasOwn(document.paths, `/fhir${path}`);
    const operations = METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [[method, complete(operation, isPlain, policyOperations)] as const] : [];
    });
    return [path, Object.fromEntries(operations)] as const;
  });
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, ...SCHEMAS },
      responses: FAILURES,
    },
  };
}

function frame(baseUrl: string): Omit<OpenAPIObject, 'paths'> {
  const builder = new DocumentBuilder()
    .setTitle('Wardgate')
    .setDescription(
      'The gate between a FHIR R4 API and the identity providers you already run.\n\n' +
        'Press _Authorize_ and sign in with Basic as a Client (at first `root`, whose secret is kept in the ' +
        'data folder) or with a bearer token of a configured identity provider. Each operation names the ' +
        'operation id that access policies see.',
    )
    .setVersion(VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    // Relative to where the page came from: another spelling of the host would be another origin.
    .addServer(new URL(baseUrl).pathname, 'This server')
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'Id and secret of a Client' })
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'Access token that a TokenIntrospector vouches for',
    });
  for (const [name, description] of DESCRIBED_TAGS) builder.addTag(name, description);
  return builder.build();
}

/** `RoleController.read[1]`, the read of its second path, is `readRolePlain`. */
function operationId(controller: string, method: string): string {
  const name = method.replace(/\[\d+\]$/, '');
  const family = method.endsWith('[1]') ? 'Plain' : '';
  return `${name}${controller.replace(/Controller$/, '')}${family}`;
}

/** Operation ids as policies know them, by those of the description. */
function policyOperationsOf(app: NestFastifyApplication): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values()) {
      if (typeof metatype !== 'function') continue;
      for (const [method, id] of operationsOf(metatype.prototype as object)) {
        found.set(operationId(metatype.name, method), id);
        found.set(operationId(metatype.name, `${method}[1]`), id);
      }
    }
  }
  return found;
}

/** The decorated methods of a class and its base classes. */
function operationsOf(prototype: object): readonly (readonly [string, string])[] {
  if (prototype === Object.prototype) return [];
  const own = Object.getOwnPropertyNames(prototype).flatMap((method) => {
    const handler: unknown = Object.getOwnPropertyDescriptor(prototype, method)?.value;
    const id: unknown =
      typeof handler === 'function' ? Reflect.getMetadata(OPERATION, handler) : undefined;
    return typeof id === 'string' ? [[method, id] as const] : [];
  });
  const base: unknown = Object.getPrototypeOf(prototype);
  return typeof base === 'object' && base !== null ? [...operationsOf(base), ...own] : own;
}

function complete(
  operation: OperationObject,
  isPlain: boolean,
  policyOperations: ReadonlyMap<string, string>,
): OperationObject {
  const id = policyOperations.get(operation.operationId ?? '');
  const failures: Failures = failuresOf({
    isGuarded: operation.security !== undefined,
    hasBody: operation.requestBody !== undefined,
    described: Object.keys(operation.responses),
  });
  return {
    ...operation,
    ...(isPlain ? { tags: [PLAIN_TAG] } : {}),
    ...(id === undefined ? {} : { description: describedOperation(id, operation.description) }),
    responses: { ...operation.responses, ...failures },
  };
}

function describedOperation(id: string, description: string | undefined): string {
  return [description, `Operation \`${id}\``].filter(Boolean).join('\n\n');
}

/** A resource is described under its own name, not under that of the class that validates it. */
function withoutSuffix(document: OpenAPIObject): OpenAPIObject {
  const text = JSON.stringify(document)
    .replaceAll(/"#\/components\/schemas\/(\w+)Dto"/g, '"#/components/schemas/$1"')
    .replaceAll(/"(\w+)Dto":\{/g, '"$1":{');
  return JSON.parse(text) as OpenAPIObject;
}
