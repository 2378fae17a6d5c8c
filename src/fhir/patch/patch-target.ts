import type { JsonObject } from '../../interactions/formats/json.js';
import { InvalidExpression, Undecided } from '../fhirpath/fhirpath-error.js';
import { Node, type Collection, type Place } from '../fhirpath/item.js';
import { resourceNode, type Scope } from '../fhirpath/scope.js';
import { valuesOf } from './element-values.js';
import { malformedOperation, unfitOperation } from './patch-failures.js';
import type { PathOperation } from './patch-operation.js';
import { compilePatchPath } from './patch-path.js';
import { membersOfNode } from './patched-resource.js';

/** What the path of one operation has found. */
export class PatchTarget {
  constructor(
    private readonly found: readonly Node[],
    private readonly index: number,
  ) {}

  get isNothing(): boolean {
    return this.found.length === 0;
  }

  /** @throws PatchConflict (422) unless there is one element, or the resource itself. */
  one(): Node {
    const [node, ...others] = this.found;
    if (!node) throw unfitOperation('the path leads to nothing', this.index);
    if (others.length === 0) return node;
    throw unfitOperation(`the path leads to ${this.found.length} elements, not one`, this.index);
  }

  /** @throws PatchConflict (422) unless there is one element of the resource. */
  element(): Place {
    const { place } = this.one();
    if (place) return place;
    throw unfitOperation('the path leads to the resource itself', this.index);
  }

  /** @throws PatchConflict (422) unless there is one whole list. */
  list(): Place & { readonly length: number } {
    const [place] = this.found.map((node) => node.place);
    if (!place) throw unfitOperation('the path leads to no list', this.index);
    const { owner, key, property } = place;
    const { isRepeating } = property.element;
    const { length } = valuesOf(membersOfNode(owner), { key, isRepeating });
    const isWhole =
      isRepeating &&
      this.found.length === length &&
      this.found.every((node) => node.place?.owner === owner && node.place.key === key);
    if (isWhole) return { ...place, length };
    throw unfitOperation('the path leads to no list as a whole', this.index);
  }
}

/**
 * Looks for what the path of an operation leads to.
 *
 * @throws MalformedPatch (400) for a path that is none, or that does more than to choose elements.
 * @throws PatchConflict (422) where it cannot be followed, or leads to what is no element.
 */
export function patchTarget(
  { path, index }: PathOperation,
  resource: JsonObject,
  bounds: Pick<Scope, 'shapeOf' | 'budget'>,
): PatchTarget {
  const root = resourceNode(resource, bounds);
  const scope = { ...bounds, self: [root], context: root, resource: root, rootResource: root };
  try {
    const found = compilePatchPath(path)([root], scope);
    if (isElements(found)) return new PatchTarget(found, index);
  } catch (error) {
    if (error instanceof InvalidExpression) {
      throw malformedOperation(`the path ${error.message}`, index);
    }
    if (error instanceof Undecided) throw unfitOperation(`the path ${error.message}`, index);
    throw error;
  }
  throw unfitOperation('the path leads to what is no element', index);
}

function isElements(found: Collection): found is readonly Node[] {
  return found.every((item) => item instanceof Node);
}
