import { ownString, type JsonObject } from '../policy/json.js';
import { elementsAt } from './elements-at.js';

/** Which URLs of identity providers are called (spec §2); asked when they are written, for warnings. */
export abstract class EndpointRules {
  /** Why a URL would not be called; `undefined` when it would. Resolves nothing. */
  abstract refusedUrl(url: string): string | undefined;
}

/** One warning per URL at the given element paths that would not be called. */
export function endpointWarnings(
  resource: JsonObject,
  paths: readonly string[],
  rules: EndpointRules,
): readonly string[] {
  const type = ownString(resource, 'resourceType') ?? '';
  return paths.flatMap((path) =>
    elementsAt(resource, path).flatMap(({ value, expression }) => {
      const refused = typeof value === 'string' ? rules.refusedUrl(value) : undefined;
      return refused === undefined
        ? []
        : [`${type}.${expression}: the URL will not be called: ${refused}`];
    }),
  );
}
