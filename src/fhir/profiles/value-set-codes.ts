import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { codeList, type CodeList } from '../validation/bindings.js';

/** Finds a definition by its canonical URL; `undefined` for what is not stored. */
export type FindDefinition = (
  type: 'CodeSystem' | 'StructureDefinition' | 'ValueSet',
  canonical: string,
) => Promise<JsonObject | undefined>;

/** More codes than value sets have that are listed by hand. */
const MAX_CODES = 50_000;
const MAX_NESTING = 5;
/** Codes that are taken over from what is included, for each time that it is. */
const MAX_COPIES = 500_000;

/** Codes by system. */
type Systems = Map<string, Set<string>>;

/**
 * The codes of a stored ValueSet: those of its expansion, or of what it is composed of where that lists codes
 * or takes all of a code system that is stored complete.
 *
 * @returns `undefined` for what is not stored, is too large, or chooses codes by filters
 */
export async function storedCodes(
  canonical: string,
  find: FindDefinition,
): Promise<(CodeList & { readonly size: number }) | undefined> {
  const systems = await new ValueSetReader(find).read(canonical, 0);
  if (!systems) return undefined;
  const lists = Object.fromEntries([...systems].map(([system, codes]) => [system, [...codes]]));
  const size = sizeOf(systems);
  return { ...codeList(canonical.split('|')[0] ?? '', lists), size };
}

class ValueSetReader {
  private left = MAX_CODES;
  private copies = MAX_COPIES;
  /** Those that were read: value sets may include each other in thousands of ways. */
  private readonly known = new Map<string, Systems>();

  constructor(private readonly find: FindDefinition) {}

  async read(canonical: string, depth: number): Promise<Systems | undefined> {
    const systems = this.known.get(canonical) ?? (await this.readStored(canonical, depth));
    if (systems) this.known.set(canonical, systems);
    return systems;
  }

  private async readStored(canonical: string, depth: number): Promise<Systems | undefined> {
    const valueSet = depth > MAX_NESTING ? undefined : await this.find('ValueSet', canonical);
    if (!valueSet) return undefined;
    const expansion = objectAt(valueSet, 'expansion');
    return expansion ? this.expanded(expansion) : this.composed(valueSet, depth);
  }

  /** A part of an expansion is none; a page has an offset. */
  private expanded(expansion: JsonObject): Systems | undefined {
    const systems: Systems = new Map();
    const add = (contains: readonly JsonObject[]): boolean =>
      contains.every((each) => {
        const isCode = each['abstract'] !== true && textAt(each, 'code') !== '';
        const isTaken = !isCode || this.add(systems, textAt(each, 'system'), textAt(each, 'code'));
        return isTaken && add(objectsAt(each, 'contains'));
      });
    const isWhole = (expansion['offset'] ?? 0) === 0;
    if (!isWhole || !add(objectsAt(expansion, 'contains'))) return undefined;
    const { total } = expansion;
    return typeof total === 'number' && total > sizeOf(systems) ? undefined : systems;
  }

  private async composed(valueSet: JsonObject, depth: number): Promise<Systems | undefined> {
    const compose = objectAt(valueSet, 'compose');
    if (!compose) return undefined;
    const systems: Systems = new Map();
    for (const include of objectsAt(compose, 'include')) {
      const included = await this.included(include, depth);
      if (!this.mayCopy(included)) return undefined;
      merge(systems, included);
    }
    for (const exclude of objectsAt(compose, 'exclude')) {
      const excluded = await this.included(exclude, depth);
      if (!this.mayCopy(excluded)) return undefined;
      remove(systems, excluded);
    }
    return systems;
  }

  private async included(include: JsonObject, depth: number): Promise<Systems | undefined> {
    const system = textAt(include, 'system');
    const valueSets = textsAt(include, 'valueSet');
    if (objectsAt(include, 'filter').length > 0) return undefined;
    if (system !== '') return valueSets.length > 0 ? undefined : this.ofSystem(system, include);
    const systems: Systems = new Map();
    // Several value sets of one include mean what is in all of them.
    if (valueSets.length !== 1) return undefined;
    for (const canonical of valueSets) {
      const codes = await this.read(canonical, depth + 1);
      if (!this.mayCopy(codes)) return undefined;
      merge(systems, codes);
    }
    return systems;
  }

  private async ofSystem(system: string, include: JsonObject): Promise<Systems | undefined> {
    const systems: Systems = new Map();
    const listed = objectsAt(include, 'concept');
    if (listed.length > 0) return this.addAll(systems, system, listed) ? systems : undefined;
    const codeSystem = await this.find('CodeSystem', system);
    if (codeSystem?.['content'] !== 'complete') return undefined;
    return this.addAll(systems, system, objectsAt(codeSystem, 'concept')) ? systems : undefined;
  }

  /** Whether they are known, and taking them over is not too much. */
  private mayCopy(codes: Systems | undefined): codes is Systems {
    if (!codes) return false;
    this.copies -= 1 + sizeOf(codes);
    return this.copies >= 0;
  }

  private addAll(systems: Systems, system: string, concepts: readonly JsonObject[]): boolean {
    return concepts.every(
      (concept) =>
        this.add(systems, system, textAt(concept, 'code')) &&
        this.addAll(systems, system, objectsAt(concept, 'concept')),
    );
  }

  private add(systems: Systems, system: string, code: string): boolean {
    const codes = systems.get(system) ?? new Set<string>();
    systems.set(system, codes.add(code));
    this.left -= 1;
    return this.left >= 0;
  }
}

function sizeOf(systems: Systems): number {
  return [...systems.values()].reduce((sum, codes) => sum + codes.size, 0);
}

function merge(systems: Systems, others: Systems): void {
  for (const [system, codes] of others) {
    const known = systems.get(system) ?? new Set<string>();
    for (const code of codes) known.add(code);
    systems.set(system, known);
  }
}

function remove(systems: Systems, others: Systems): void {
  for (const [system, codes] of others) {
    for (const code of codes) systems.get(system)?.delete(code);
  }
}

function objectAt(object: JsonObject, name: string): JsonObject | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return isJsonObject(value) ? value : undefined;
}

function itemsAt(object: JsonObject, name: string): readonly Json[] {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function objectsAt(object: JsonObject, name: string): readonly JsonObject[] {
  return itemsAt(object, name).filter(isJsonObject);
}

function textsAt(object: JsonObject, name: string): readonly string[] {
  return itemsAt(object, name).filter((item) => typeof item === 'string');
}

function textAt(object: JsonObject, name: string): string {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : '';
}
