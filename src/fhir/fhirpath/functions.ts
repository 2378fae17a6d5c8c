import { InvalidExpression } from './fhirpath-error.js';
import { FILTERS } from './filter-functions.js';
import type { Apply, FunctionDefinition } from './function-definition.js';
import type { Evaluate } from './scope.js';
import { NODE_FUNCTIONS } from './node-functions.js';
import { TEXT_FUNCTIONS } from './text-functions.js';

const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  [FILTERS, NODE_FUNCTIONS, TEXT_FUNCTIONS].flatMap((group) => Object.entries(group)),
);

/** @throws InvalidExpression for a function that is not supported, or with other arguments. */
export function compileFunction(name: string, args: readonly Evaluate[]): Apply {
  const definition = FUNCTIONS.get(name);
  if (!definition) throw new InvalidExpression(`uses ${name}(), which is not supported`);
  const { least, most, build } = definition;
  if (args.length < least || args.length > most) {
    throw new InvalidExpression(`gives ${name}() ${args.length} arguments`);
  }
  return build(...args);
}
