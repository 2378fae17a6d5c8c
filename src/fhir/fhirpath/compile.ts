import { InvalidExpression, Undecided } from './fhirpath-error.js';
import { compileFunction } from './functions.js';
import { EMPTY, scalarOf, type Collection } from './item.js';
import { momentOf } from './moment.js';
import { operate } from './operators.js';
import { parseExpression } from './parse-expression.js';
import { membersOf, type Evaluate, type Scope } from './scope.js';
import type { Operator, Syntax } from './syntax.js';
import { collectionOf, connected, truthOf, type Connective } from './truth.js';
import { isOfType } from './types.js';

const VARIABLES: Readonly<Record<string, (scope: Scope) => Collection>> = {
  '%resource': ({ resource }) => [resource],
  '%rootResource': ({ rootResource }) => [rootResource],
  '%context': ({ context }) => [context],
  '%ucum': () => ['http://unitsofmeasure.org'],
  '%sct': () => ['http://snomed.info/sct'],
  '%loinc': () => ['http://loinc.org'],
};

/**
 * Compiles FHIRPath to closures.
 *
 * @throws InvalidExpression for what is none, or uses what is not supported.
 */
export function compileExpression(expression: string): Evaluate {
  return compileSyntax(parseExpression(expression));
}

/** As {@link compileExpression}, of an expression that was read. */
export function compileSyntax(syntax: Syntax): Evaluate {
  switch (syntax.kind) {
    case 'literal': {
      const collection = syntax.value === undefined ? EMPTY : [syntax.value];
      return () => collection;
    }
    case 'moment':
      return constantMoment(syntax.text);
    case 'this':
      return (_input, { self }) => self;
    case 'variable':
      return variable(syntax.name);
    case 'member':
      return member(syntax.name, origin(syntax.of));
    case 'call':
      return call(syntax);
    case 'index':
      return indexed(compileSyntax(syntax.of), compileSyntax(syntax.at));
    case 'negative':
      return negative(compileSyntax(syntax.of));
    case 'type':
      return typed(syntax.operator, compileSyntax(syntax.of), syntax.type);
    case 'binary':
      return binary(syntax.operator, compileSyntax(syntax.left), compileSyntax(syntax.right));
  }
}

/** What a step is taken from; at the beginning of a path, what the path is asked of. */
function origin(of: Syntax | undefined): Evaluate {
  return of === undefined ? (input) => input : compileSyntax(of);
}

function constantMoment(text: string): Evaluate {
  const moment = momentOf(text);
  if (!moment) throw new InvalidExpression(`has no date or time in @${text}`);
  return () => [moment];
}

function variable(name: string): Evaluate {
  const read = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  if (!read) throw new InvalidExpression(`uses ${name}, which is not supported`);
  return (_input, scope) => read(scope);
}

function member(name: string, of: Evaluate): Evaluate {
  return (input, scope) => {
    const from = of(input, scope);
    const [only] = from;
    if (only === undefined) return EMPTY;
    scope.budget.take(from.length);
    return from.length === 1
      ? membersOf(only, name, scope)
      : from.flatMap((item) => membersOf(item, name, scope));
  };
}

function call({ of, name, args }: Syntax & { readonly kind: 'call' }): Evaluate {
  const from = origin(of);
  const isTypeNamed = name === 'is' || name === 'as' || name === 'ofType';
  if (isTypeNamed) return typed(name, from, typeNameOf(args));
  const apply = compileFunction(name, args.map(compileSyntax));
  return (input, scope) => apply(from(input, scope), scope);
}

function typeNameOf([type, ...others]: readonly Syntax[]): string {
  if (type?.kind !== 'member' || others.length > 0) {
    throw new InvalidExpression('needs the name of a type in is, as and ofType');
  }
  return type.name;
}

function typed(operator: 'is' | 'as' | 'ofType', of: Evaluate, type: string): Evaluate {
  if (operator !== 'is') {
    return (input, scope) => of(input, scope).filter((item) => isOfType(item, type));
  }
  return (input, scope) => {
    const [only, ...others] = of(input, scope);
    if (others.length > 0) throw new Undecided('asks for the type of several values');
    return only === undefined ? EMPTY : [isOfType(only, type)];
  };
}

function indexed(of: Evaluate, at: Evaluate): Evaluate {
  return (input, scope) => {
    const [position] = at(input, scope);
    const index = position === undefined ? undefined : scalarOf(position);
    const item = typeof index === 'number' ? of(input, scope)[index] : undefined;
    return item === undefined ? EMPTY : [item];
  };
}

function negative(of: Evaluate): Evaluate {
  return (input, scope) => operate('-', [0], of(input, scope), scope.budget);
}

function binary(operator: Operator, left: Evaluate, right: Evaluate): Evaluate {
  if (isConnective(operator)) {
    return (input, scope) =>
      collectionOf(
        connected(operator, truthOf(left(input, scope)), () => truthOf(right(input, scope))),
      );
  }
  return (input, scope) => {
    const [a, b] = [left(input, scope), right(input, scope)];
    return operate(operator, a, b, scope.budget);
  };
}

function isConnective(operator: Operator): operator is Connective {
  return ['and', 'or', 'xor', 'implies'].includes(operator);
}
