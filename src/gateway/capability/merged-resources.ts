import { TYPE_INTERACTIONS } from '../../fhir/capability-statement.js';
import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';

/** What of the upstream is reached through the gateway. */
export interface Reach {
  /** By which parameters a type can be searched; undefined for a type that is not served. */
  parameters(type: string): ReadonlySet<string> | undefined;
  /** Whether an operation, named without `$`, is passed for a type, or for the server as a whole. */
  hasOperation(type: string | undefined, name: string): boolean;
  /** The same resource under Wardgate's own address, see `ResourceLinks`. */
  resource(url: string): string;
}

/** What is said of a type as the upstream says it. */
const AS_IT_IS = [
  ...['versioning', 'readHistory', 'updateCreate'],
  ...['conditionalCreate', 'conditionalRead', 'conditionalUpdate', 'conditionalDelete'],
] as const;

const PATCHES: ReadonlySet<string> = new Set([
  'application/fhir+json',
  'application/json-patch+json',
  'application/merge-patch+json',
]);
const INTERACTIONS: ReadonlySet<string> = new Set(TYPE_INTERACTIONS);

/** The one part of a statement that describes a server. */
export function serverPart(statement: JsonObject): JsonObject {
  return objects(statement['rest']).find(({ mode }) => mode === 'server') ?? {};
}

/** The types of the upstream, as far as they are reached through the gateway. */
export function mergedResources(statement: JsonObject, reach: Reach): object[] {
  return objects(serverPart(statement)['resource']).flatMap((resource) => {
    const { type } = resource;
    if (typeof type !== 'string') return [];
    const parameters = reach.parameters(type);
    return parameters === undefined ? [] : [merged(type, resource, parameters, reach)];
  });
}

/** The compartments in which both sides search. */
export function commonCompartments(given: Json | undefined, own: Json | undefined): object {
  const searched = new Set(texts(given));
  return list(
    'compartment',
    texts(own).filter((compartment) => searched.has(compartment)),
  );
}

/** The formats of patches that both sides take. */
export function commonPatches(given: Json | undefined): object {
  return list(
    'patchFormat',
    texts(given).filter((format) => PATCHES.has(format)),
  );
}

/** The codes of interactions that both sides have. */
export function commonInteractions(given: Json | undefined, own: ReadonlySet<string>): object[] {
  return objects(given).flatMap(({ code }) =>
    typeof code === 'string' && own.has(code) ? [{ code }] : [],
  );
}

function merged(
  type: string,
  resource: JsonObject,
  parameters: ReadonlySet<string>,
  reach: Reach,
): object {
  const search = objects(resource['searchParam']).flatMap(({ name, type, definition }) =>
    typeof name === 'string' && parameters.has(name)
      ? [{ name, type, ...address('definition', definition, reach) }]
      : [],
  );
  return {
    type,
    ...Object.fromEntries(
      AS_IT_IS.flatMap((name) => (resource[name] === undefined ? [] : [[name, resource[name]]])),
    ),
    ...address('profile', resource['profile'], reach),
    ...list(
      'supportedProfile',
      texts(resource['supportedProfile']).map((url) => reach.resource(url)),
    ),
    ...list('interaction', commonInteractions(resource['interaction'], INTERACTIONS)),
    ...list('searchInclude', texts(resource['searchInclude']).filter(isNamed)),
    ...list('searchRevInclude', texts(resource['searchRevInclude']).filter(isNamed)),
    ...list('searchParam', search),
    ...passedOperations(type, resource, reach),
  };
}

/** Those that are passed of a type, or of the server. The upstream's own address is nobody's business. */
export function passedOperations(
  type: string | undefined,
  described: JsonObject,
  reach: Reach,
): object {
  const passed = objects(described['operation']).flatMap(({ name, definition }) => {
    if (typeof name !== 'string' || typeof definition !== 'string') return [];
    const isPassed = reach.hasOperation(type, name.replace(/^\$/, ''));
    return isPassed ? [{ name, definition: reach.resource(definition) }] : [];
  });
  return list('operation', passed);
}

/** The address of a definition; one that the upstream has is named as clients reach it. */
function address(name: string, given: Json | undefined, reach: Reach): object {
  return typeof given === 'string' ? { [name]: reach.resource(given) } : {};
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
