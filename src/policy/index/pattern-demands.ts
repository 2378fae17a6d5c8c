import type { Pattern, ValueTest } from '../matcho/pattern.js';
import type { Json } from '../json.js';
import { demandFor, demandOfAny, type Demand } from './demand.js';
import { roleNameFeature, valueFeature, type Feature } from './feature.js';

/** Lists of Roles, of which patterns ask that some Role has a name. */
const ROLE_LISTS: ReadonlySet<string> = new Set(['role', 'session.role']);

/** The equalities that a matcho pattern demands at any depth of its objects (spec §8). */
export function demandsOfPattern(pattern: Pattern, path: readonly string[] = []): Demand[] {
  switch (pattern.kind) {
    case 'value':
      return demandFor(valueFeature(path), valuesOf(pattern.test));
    case 'members':
      return pattern.members.flatMap(([step, member]) =>
        typeof step === 'string' ? demandsOfPattern(member, [...path, step]) : [],
      );
    case 'all':
      return pattern.patterns.flatMap((part) => demandsOfPattern(part, path));
    case 'one-of':
      return demandOfAny(pattern.patterns.map((branch) => demandsOfPattern(branch, path)));
    case 'items':
      return demandsOfItems(pattern, path);
    case 'path':
    case 'not':
    case 'reference':
      return [];
  }
}

// `every` asks it of one item at least, too: a list without items does not match.
function demandsOfItems(
  { patterns }: Extract<Pattern, { kind: 'items' }>,
  path: readonly string[],
): Demand[] {
  if (!ROLE_LISTS.has(path.join('.'))) return [];
  return patterns.flatMap((item) => demandsOfRole(item, roleNameFeature(path)));
}

function demandsOfRole(item: Pattern, names: Feature): Demand[] {
  if (item.kind !== 'members') return [];
  return item.members.flatMap(([step, member]) =>
    step === 'name' && member.kind === 'value' ? demandFor(names, valuesOf(member.test)) : [],
  );
}

/** The only values that pass; empty where they cannot be listed. */
function valuesOf(test: ValueTest): Iterable<Json | undefined> {
  switch (test.kind) {
    case 'equals':
      return [test.value];
    case 'enum':
      return test.values;
    case 'regex':
    case 'present':
    case 'nil':
    case 'not-blank':
    case 'length':
      return [];
  }
}
