import { isJsonObject, type Json } from '../../interactions/formats/json.js';
import { Node, type Collection } from '../fhirpath/item.js';
import { isBound, type CodeList } from '../validation/bindings.js';
import { hasPattern, isFixed, type Comparison } from './fixed-values.js';
import type { Discriminator, ProfileNode } from './profile-node.js';

/** What telling slices apart needs of its surroundings. */
export interface SliceScope {
  /** @returns `undefined` where the expression says nothing. */
  readonly evaluate: (expression: string, node: Node) => Collection | undefined;
  /** Whether a comparison holds. @throws TooCostly, which has been reported. */
  readonly holds: (compare: Comparison, value: Json, wanted: Json) => boolean;
  /** @returns `undefined` for a value set whose codes are not known. */
  readonly codes: (valueSet: string) => CodeList | undefined;
  /** Types of resources that profiles are of; `undefined` where one is not known. */
  readonly typesOf: (targets: readonly string[]) => readonly string[] | undefined;
  /** Type of the resource that a Reference leads to, as far as it says so. */
  readonly referencedType: (node: Node) => string | undefined;
}

/** Whether a value belongs to a slice. */
export type SliceMatcher = (node: Node, scope: SliceScope) => boolean;

/** What a slice says of the element that a discriminator names. */
interface Distinction {
  readonly node: ProfileNode | undefined;
  /** Part of a fixed value or pattern further out. */
  readonly implied: Json | undefined;
  /** Profile of the type that the element is in. */
  readonly profile: string | undefined;
}

const STEP = /^(?:\$this|[A-Za-z][A-Za-z0-9]*|ofType\([A-Za-z]+\)|extension\('[^']+'\))$/;
const RESOLVE = /(?:^|\.)resolve\(\)$/;

/**
 * Compiles by what a slice is told from others (FHIR R4, Profiling §5.1.0.14).
 *
 * @returns in words, what is not supported here
 */
export function sliceMatcher(
  slice: ProfileNode,
  discriminators: readonly Discriminator[],
  scope: Pick<SliceScope, 'codes' | 'typesOf'>,
): SliceMatcher | string {
  if (discriminators.length === 0) return 'slices that nothing tells apart';
  const matchers: SliceMatcher[] = [];
  for (const discriminator of discriminators) {
    const matcher = matcherOf(slice, discriminator, scope);
    if (typeof matcher === 'string') return matcher;
    matchers.push(matcher);
  }
  return (node, look) => matchers.every((matches) => matches(node, look));
}

function matcherOf(
  slice: ProfileNode,
  { type, path }: Discriminator,
  scope: Pick<SliceScope, 'codes' | 'typesOf'>,
): SliceMatcher | string {
  const leadsOn = RESOLVE.test(path);
  const own = path.replace(RESOLVE, '') || '$this';
  const steps = stepsOf(own);
  if (!steps || (leadsOn && type !== 'type')) return `the discriminator ${type}:${path}`;
  const distinction = distinctionAt(slice, steps);
  const matcher = leadsOn
    ? targetMatcher(own, distinction, scope)
    : KINDS[type]?.(own, distinction, scope);
  return matcher ?? `the discriminator ${type}:${path} of the slice ${slice.sliceName ?? ''}`;
}

type Build = (
  path: string,
  distinction: Distinction,
  scope: Pick<SliceScope, 'codes' | 'typesOf'>,
) => SliceMatcher | undefined;

const KINDS: Readonly<Record<string, Build>> = {
  value: valueMatcher,
  pattern: valueMatcher,
  exists: existenceMatcher,
  type: typeMatcher,
};

function stepsOf(path: string): readonly string[] | undefined {
  const steps = path.match(/extension\('[^']+'\)|[^.]+/g) ?? [];
  return steps.every((step) => STEP.test(step)) ? steps : undefined;
}

function distinctionAt(slice: ProfileNode, steps: readonly string[]): Distinction {
  let at: Distinction = {
    node: slice,
    implied: saidOf(slice),
    profile: undefined,
  };
  for (const step of steps) {
    if (step === '$this' || step.startsWith('ofType(')) continue;
    at = below(at, step);
  }
  return at;
}

function below({ node, implied }: Distinction, step: string): Distinction {
  const url = /^extension\('([^']+)'\)$/.exec(step)?.[1];
  const child = url === undefined ? childOf(node, step) : extensionOf(node, url);
  return {
    node: child,
    implied: saidOf(child) ?? (url === undefined ? memberOf(implied, step) : undefined),
    profile: node?.types[0]?.profiles[0],
  };
}

function childOf(node: ProfileNode | undefined, name: string): ProfileNode | undefined {
  return node?.children.find((child) => child.name === name);
}

function extensionOf(node: ProfileNode | undefined, url: string): ProfileNode | undefined {
  return childOf(node, 'extension')?.slices.find(({ types }) =>
    types.some(({ profiles }) => profiles.includes(url)),
  );
}

function saidOf(node: ProfileNode | undefined): Json | undefined {
  return node?.fixed ?? node?.pattern;
}

/** Of several values the first; a pattern for one that tells slices apart has no more. */
function memberOf(value: Json | undefined, name: string): Json | undefined {
  const object: Json | undefined = Array.isArray(value) ? (value as readonly Json[])[0] : value;
  return isJsonObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

function valueMatcher(
  path: string,
  { node, implied, profile }: Distinction,
  { codes }: Pick<SliceScope, 'codes'>,
): SliceMatcher | undefined {
  const fixed = node?.fixed;
  if (fixed !== undefined) return some(path, (value, { holds }) => holds(isFixed, value, fixed));
  if (implied !== undefined) {
    return some(path, (value, { holds }) => holds(hasPattern, value, single(implied)));
  }
  // The URL of an extension is said by its definition.
  const url = path === 'url' ? profile?.split('|')[0] : undefined;
  if (url !== undefined) return some(path, (value) => value === url);
  const list = codesOf(node, codes);
  return list && some(path, (value) => isBound(value, list));
}

function codesOf(node: ProfileNode | undefined, codes: SliceScope['codes']): CodeList | undefined {
  return node?.binding === undefined ? undefined : codes(node.binding);
}

/** A pattern of an array tells slices apart by what each value must have. */
function single(value: Json): Json {
  return Array.isArray(value) ? ((value as readonly Json[])[0] ?? null) : value;
}

function existenceMatcher(path: string, { node }: Distinction): SliceMatcher | undefined {
  if (!node || (node.min === 0 && node.max !== 0)) return undefined;
  const isThere = node.max !== 0;
  return (item, { evaluate }) => (evaluate(path, item) ?? []).length > 0 === isThere;
}

function typeMatcher(path: string, { node }: Distinction): SliceMatcher | undefined {
  const codes = node?.types.map(({ code }) => code) ?? [];
  if (codes.length === 0) return undefined;
  return (item, { evaluate }) =>
    (evaluate(path, item) ?? []).some(
      (each) => each instanceof Node && (codes.includes(each.type) || isAny(each, codes)),
    );
}

function isAny({ shape }: Node, codes: readonly string[]): boolean {
  return shape?.isResource === true && codes.includes('Resource');
}

function targetMatcher(
  path: string,
  { node }: Distinction,
  { typesOf }: Pick<SliceScope, 'typesOf'>,
): SliceMatcher | undefined {
  const allowed = typesOf(node?.types.flatMap(({ targets }) => targets) ?? []);
  if (!allowed || allowed.length === 0) return undefined;
  return (item, { evaluate, referencedType }) =>
    (evaluate(path, item) ?? []).some((each) => {
      const type = each instanceof Node ? referencedType(each) : undefined;
      return type !== undefined && allowed.includes(type);
    });
}

function some(path: string, fits: (value: Json, scope: SliceScope) => boolean): SliceMatcher {
  return (item, scope) =>
    (scope.evaluate(path, item) ?? []).some(
      (each) => each instanceof Node && each.value !== undefined && fits(each.value, scope),
    );
}
