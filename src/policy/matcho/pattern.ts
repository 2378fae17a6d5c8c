import type { Json } from '../json.js';
import type { LinearRegex } from './regex.js';
import type { RequestPath } from './request-path.js';

/** What a single value is asked, without looking anywhere else. */
export type ValueTest =
  | { readonly kind: 'equals'; readonly value: string | number | boolean }
  | { readonly kind: 'enum'; readonly values: ReadonlySet<Json | undefined> }
  | { readonly kind: 'regex'; readonly regex: LinearRegex }
  | { readonly kind: 'present' }
  | { readonly kind: 'nil' }
  | { readonly kind: 'not-blank' }
  | { readonly kind: 'length'; readonly length: number };

/** A path into the request object, as a pattern uses it. */
export interface PathUse {
  readonly path: RequestPath;
  /** Whether it must lead to an array, one value of which is meant. */
  readonly asList: boolean;
}

/** A parsed matcho pattern (spec §8). `source` is what was written, for explanations. */
export type Pattern = { readonly source: Json } & (
  | { readonly kind: 'value'; readonly test: ValueTest }
  | ({ readonly kind: 'path' } & PathUse)
  | {
      readonly kind: 'members';
      readonly of: 'object' | 'array';
      readonly members: readonly (readonly [string | number, Pattern])[];
    }
  | { readonly kind: 'all'; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'one-of'; readonly patterns: readonly Pattern[] }
  | {
      /** `some`: each pattern is met by an item. `every`: each item meets each pattern. */
      readonly kind: 'items';
      readonly quantifier: 'some' | 'every';
      readonly patterns: readonly Pattern[];
    }
  | { readonly kind: 'not'; readonly pattern: Pattern; readonly paths: readonly PathUse[] }
  | { readonly kind: 'reference'; readonly target: Pattern }
);

/** The patterns directly below a pattern. */
export function childrenOf(pattern: Pattern): readonly Pattern[] {
  switch (pattern.kind) {
    case 'value':
    case 'path':
      return [];
    case 'members':
      return pattern.members.map(([, member]) => member);
    case 'all':
    case 'one-of':
    case 'items':
      return pattern.patterns;
    case 'not':
      return [pattern.pattern];
    case 'reference':
      return [pattern.target];
  }
}

/** Every use of a path into the request, at any depth. */
export function pathsOf(pattern: Pattern): readonly PathUse[] {
  if (pattern.kind === 'path') return [{ path: pattern.path, asList: pattern.asList }];
  return childrenOf(pattern).flatMap(pathsOf);
}
