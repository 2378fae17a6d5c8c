import { BadRequest } from '../../../errors/fhir-error.js';
import type {
  CompositeParameter,
  DefinedParameter,
  SearchDefinitions,
  ValueParameter,
} from '../definitions/search-definitions.js';

/**
 * The parameter of a name that all of the types have.
 *
 * @throws BadRequest 400 when one of them has none, or another kind than the others
 */
export function parameterOf(
  definitions: SearchDefinitions,
  types: readonly string[],
  name: string,
): DefinedParameter {
  const parameters = types.map((type) => {
    const parameter = definitions.parameters(type).get(name);
    if (parameter) return parameter;
    throw unknownParameter(name, type);
  });
  const [first, ...others] = parameters;
  if (!first) throw new BadRequest('A search names the types that it is about', 'required');
  return others.reduce((merged, parameter) => united(merged, parameter), first);
}

function unknownParameter(name: string, type: string): BadRequest {
  return new BadRequest(
    `The search parameter ${JSON.stringify(name.slice(0, 100))} of ${type.slice(0, 64)} is not supported here; ` +
      'the CapabilityStatement lists all that are: GET /fhir/metadata',
    'not-supported',
  );
}

function united(one: DefinedParameter, other: DefinedParameter): DefinedParameter {
  if (one.kind === 'composite' || other.kind === 'composite') return sameComposite(one, other);
  if (one.kind !== other.kind) throw ambiguous(one.name);
  return unitedValues(one, other);
}

function unitedValues(one: ValueParameter, other: ValueParameter): ValueParameter {
  return {
    ...one,
    elements: [...one.elements, ...other.elements],
    targets: [...new Set([...one.targets, ...other.targets])],
  };
}

function sameComposite(one: DefinedParameter, other: DefinedParameter): CompositeParameter {
  if (one.kind !== 'composite' || other.kind !== 'composite') throw ambiguous(one.name);
  const components = one.components.map(({ parameter, isLinked }, at) => {
    const counterpart = other.components[at]?.parameter;
    if (counterpart?.kind !== parameter.kind) throw ambiguous(one.name);
    return { parameter: unitedValues(parameter, counterpart), isLinked };
  });
  return { ...one, components };
}

function ambiguous(name: string): BadRequest {
  return new BadRequest(
    `${name} means something else for each of the types; name one type`,
    'value',
    name,
  );
}
