import { BadRequest } from '../../errors/fhir-error.js';
import {
  bodyOf,
  isJsonObject,
  type Json,
  type JsonObject,
  type ParsedBody,
} from '../../interactions/formats/json.js';
import type { QueryParams } from '../../interactions/search/parse-search.js';

const MODES = ['create', 'update', 'profile'] as const;
const MAX_PROFILES = 10;

/** What a resource is about to be used for (FHIR R4, operation `$validate`). */
export type ValidationMode = (typeof MODES)[number];

/** What `$validate` is asked. */
export interface ValidationRequest {
  readonly body: ParsedBody;
  readonly mode: ValidationMode | undefined;
  /** Canonical URLs of profiles that the resource must conform to. */
  readonly profiles: readonly string[];
}

/**
 * Reads what `$validate` is asked: a resource as it is or in Parameters, where `mode` and `profile` may be
 * too, or in the query.
 *
 * @param type of the route; what has another type than Parameters is never taken for them
 * @throws BadRequest 400 for other parameters, a mode that is not supported, and without a resource.
 */
export function readValidationRequest(
  body: ParsedBody,
  query: QueryParams,
  type: string,
): ValidationRequest {
  const parameters = parametersOf(body.value, type);
  const inQuery = Object.entries(query)
    .filter(([name]) => name !== '_format' && name !== '_pretty')
    .flatMap(([name, values]) => [values].flat().map((value): Parameter => [name, value]));
  const given = [...inQuery, ...(parameters ?? [])];
  const stray = given.find(([name]) => !['resource', 'mode', 'profile'].includes(name));
  if (stray) {
    throw new BadRequest(
      `$validate takes resource, mode and profile, not ${JSON.stringify(stray[0].slice(0, 100))}`,
      'not-supported',
    );
  }
  return {
    body: parameters ? resourceIn(parameters) : body,
    mode: modeOf(textsOf(given, 'mode')),
    profiles: profilesOf(textsOf(given, 'profile')),
  };
}

type Parameter = readonly [name: string, value: Json | undefined];

/** @returns `undefined` when the body is what is to be validated itself. */
function parametersOf(value: Json, type: string): readonly Parameter[] | undefined {
  if (!isJsonObject(value) || value['resourceType'] !== 'Parameters') return undefined;
  const list = Object.hasOwn(value, 'parameter') ? value['parameter'] : [];
  const parameters = (Array.isArray(list) ? (list as readonly Json[]) : []).filter(isJsonObject);
  const isWrapper = parameters.some(({ name }) => name === 'resource');
  if (type === 'Parameters' && !isWrapper) return undefined;
  return parameters.map((parameter): Parameter => [nameOf(parameter), valueOf(parameter)]);
}

function nameOf({ name }: JsonObject): string {
  return typeof name === 'string' ? name : '';
}

function valueOf(parameter: JsonObject): Json | undefined {
  return ['resource', 'valueCode', 'valueUri', 'valueCanonical', 'valueString']
    .filter((key) => Object.hasOwn(parameter, key))
    .map((key) => parameter[key])[0];
}

function resourceIn(parameters: readonly Parameter[]): ParsedBody {
  const resources = parameters.filter(([name]) => name === 'resource');
  const [, resource] = resources[0] ?? [];
  if (resource !== undefined && resources.length === 1) return bodyOf(resource);
  throw new BadRequest('Parameters of $validate have one parameter resource', 'required');
}

function textsOf(parameters: readonly Parameter[], wanted: string): readonly string[] {
  return parameters
    .filter(([name]) => name === wanted)
    .map(([name, value]) => {
      if (typeof value === 'string' && value !== '') return value;
      throw new BadRequest(`The parameter ${name} takes text`, 'value');
    });
}

function modeOf([mode, ...others]: readonly string[]): ValidationMode | undefined {
  if (mode === undefined) return undefined;
  const known = MODES.find((each) => each === mode);
  if (known && others.length === 0) return known;
  throw new BadRequest(`mode takes one of ${MODES.join(', ')}`, 'not-supported');
}

function profilesOf(profiles: readonly string[]): readonly string[] {
  if (profiles.length <= MAX_PROFILES) return profiles;
  throw new BadRequest(`profile may be given ${MAX_PROFILES} times`, 'too-long');
}
