import { TYPE_INTERACTIONS } from '../../fhir/capability-statement.js';
import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';

/** By which parameters a type can be searched through the gateway; undefined for a type that is not served. */
export type ReachableParameters = (type: string) => ReadonlySet<string> | undefined;

/** What is said of a type as the upstream says it. */
const AS_IT_IS = [
  ...['profile', 'supportedProfile', 'versioning', 'readHistory', 'updateCreate'],
  ...['conditionalCreate', 'conditionalRead', 'conditionalUpdate', 'conditionalDelete'],
] as const;

const INTERACTIONS: ReadonlySet<string> = new Set(TYPE_INTERACTIONS);

/** The one part of a statement that describes a server. */
export function serverPart(statement: JsonObject): JsonObject {
  return objects(statement['rest']).find(({ mode }) => mode === 'server') ?? {};
}

/** The types of the upstream, as far as they are reached through the gateway. */
export function mergedResources(statement: JsonObject, reachable: ReachableParameters): object[] {
  return objects(serverPart(statement)['resource']).flatMap((resource) => {
    const { type } = resource;
    const parameters = typeof type === 'string' ? reachable(type) : undefined;
    return parameters === undefined ? [] : [merged(resource, parameters)];
  });
}

/** The codes of interactions that both sides have. */
export function commonInteractions(given: Json | undefined, own: ReadonlySet<string>): object[] {
  return objects(given).flatMap(({ code }) =>
    typeof code === 'string' && own.has(code) ? [{ code }] : [],
  );
}

function merged(resource: JsonObject, parameters: ReadonlySet<string>): object {
  const search = objects(resource['searchParam']).flatMap(({ name, type, definition }) =>
    typeof name === 'string' && parameters.has(name)
      ? [{ name, type, ...(definition === undefined ? {} : { definition }) }]
      : [],
  );
  const operations = objects(resource['operation']).map(({ name, definition }) => ({
    name,
    definition,
  }));
  return {
    type: resource['type'],
    ...Object.fromEntries(
      AS_IT_IS.flatMap((name) => (resource[name] === undefined ? [] : [[name, resource[name]]])),
    ),
    ...list('interaction', commonInteractions(resource['interaction'], INTERACTIONS)),
    ...list('searchInclude', texts(resource['searchInclude']).filter(isNamed)),
    ...list('searchRevInclude', texts(resource['searchRevInclude']).filter(isNamed)),
    ...list('searchParam', search),
    ...list('operation', operations),
  };
}

/** `*` would reach types that nobody names. */
function isNamed(include: string): boolean {
  return include !== '*';
}

/** FHIR's JSON has no empty arrays. */
function list(name: string, items: readonly unknown[]): object {
  return items.length === 0 ? {} : { [name]: items };
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
