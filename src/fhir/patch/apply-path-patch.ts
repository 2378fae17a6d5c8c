import type { ExactJson } from '../../interactions/formats/exact-json.js';
import type { ParsedBody } from '../../interactions/formats/json.js';
import { TooCostly } from '../fhirpath/fhirpath-error.js';
import type { Node } from '../fhirpath/item.js';
import { Budget } from '../fhirpath/scope.js';
import type { Shape } from '../validation/shape.js';
import { ElementContent, isThere } from './element-content.js';
import { valuesOf, withValues, type ElementValue } from './element-values.js';
import { unfitOperation } from './patch-failures.js';
import { parsePathOperations, type PathOperation } from './patch-operation.js';
import { patchTarget, type PatchTarget } from './patch-target.js';
import { inBothForms, membersOfNode, PatchedResource, type Form } from './patched-resource.js';

/** Elements that the paths of one patch may look at together; half a second at worst. */
const MAX_STEPS = 1_000_000;
/** Values and members that the operations of one patch may copy together; half a second at worst, too. */
const MAX_COPIES = 5_000_000;

type Operation<T extends PathOperation['type']> = PathOperation & { readonly type: T };

/**
 * Applies a FHIRPath Patch (FHIR R4, FHIRPath Patch): each operation to what the one before has left. Whether
 * the result is valid is for the caller to find out.
 *
 * @param resource as it is shown to whoever patches it
 * @param parameters a Parameters resource, digits as they were written
 * @param shapeOf the shape of a type; `undefined` for what is none of R4
 * @throws MalformedPatch (400) for a document that is none, before any of it is applied, and for its paths
 * @throws PatchConflict (422) with the operation that does not fit
 */
export function applyPathPatch(
  resource: ParsedBody,
  parameters: ExactJson,
  shapeOf: (type: string) => Shape | undefined,
): ExactJson {
  const operations = parsePathOperations(parameters);
  const run = new PathPatchRun(resource, shapeOf);
  for (const operation of operations) run.apply(operation);
  return run.resource.exact;
}

class PathPatchRun {
  readonly resource: PatchedResource;
  private readonly budget = new Budget(MAX_STEPS, MAX_STEPS);
  private readonly copies = new Budget(MAX_COPIES, MAX_COPIES);

  constructor(
    resource: ParsedBody,
    private readonly shapeOf: (type: string) => Shape | undefined,
  ) {
    this.resource = new PatchedResource(resource, this.copies);
  }

  apply(operation: PathOperation): void {
    const { budget, shapeOf } = this;
    const target = patchTarget(operation, this.resource.plain, { budget, shapeOf });
    try {
      this.edit(operation, target);
    } catch (error) {
      if (!(error instanceof TooCostly)) throw error;
      throw unfitOperation(`the operation ${error.message}`, operation.index);
    }
  }

  private edit(operation: PathOperation, target: PatchTarget): void {
    switch (operation.type) {
      case 'add':
        this.add(operation, target);
        return;
      case 'insert':
        this.insert(operation, target);
        return;
      case 'delete':
        this.delete(target);
        return;
      case 'replace':
        this.replace(operation, target);
        return;
      case 'move':
        this.move(operation, target);
    }
  }

  private add({ index, name, value }: Operation<'add'>, target: PatchTarget): void {
    const owner = target.one();
    const content = this.content(index);
    const { key, property } = content.propertyFor(this.shapeIn(owner), name, value);
    const { isRepeating } = property.element;
    if (!isRepeating && isThere(membersOfNode(owner), property.element)) {
      throw unfitOperation(`${property.step} is there already; replace it`, index);
    }
    const added = inBothForms(content.valueFor(property, value));
    this.resource.change(owner, (object, form) => {
      const values = valuesOf(object, { key, isRepeating });
      return withValues(object, { key, isRepeating }, [...values, added[form]], this.copies);
    });
  }

  private insert({ index, at, value }: Operation<'insert'>, target: PatchTarget): void {
    const { property, length } = target.list();
    if (at > length) throw unfitOperation(`the list has ${length} elements`, index);
    const inserted = inBothForms(this.content(index).valueFor(property, value));
    this.changeList(target, (values, form) => values.toSpliced(at, 0, inserted[form]));
  }

  private delete(target: PatchTarget): void {
    if (target.isNothing) return;
    const { owner, key, property, index = 0 } = target.element();
    const element = { key, isRepeating: property.element.isRepeating };
    this.resource.change(owner, (object) =>
      withValues(object, element, valuesOf(object, element).toSpliced(index, 1), this.copies),
    );
  }

  private replace({ index, value }: Operation<'replace'>, target: PatchTarget): void {
    const place = target.element();
    const { owner, property, index: at = 0 } = place;
    const { name, isRepeating, isChoice } = property.element;
    const content = this.content(index);
    const other = isChoice ? content.propertyFor(this.shapeIn(owner), name, value) : place;
    const replaced = inBothForms(content.valueFor(other.property, value));
    const [from, to] = [
      { key: place.key, isRepeating },
      { key: other.key, isRepeating },
    ];
    this.resource.change(owner, (object, form) => {
      const values = valuesOf(object, from).with(at, replaced[form]);
      // A choice of another type stands under another key, never under both.
      const rest = from.key === to.key ? object : withValues(object, from, [], this.copies);
      return withValues(rest, to, values, this.copies);
    });
  }

  private move({ index, source, destination }: Operation<'move'>, target: PatchTarget): void {
    const { length } = target.list();
    if (source >= length || destination >= length) {
      throw unfitOperation(`the list has ${length} elements`, index);
    }
    this.changeList(target, (values) => {
      const moved = values.slice(source, source + 1);
      return values.toSpliced(source, 1).toSpliced(destination, 0, ...moved);
    });
  }

  private changeList(
    target: PatchTarget,
    edit: (values: readonly ElementValue[], form: Form) => readonly ElementValue[],
  ): void {
    const { owner, key } = target.list();
    const element = { key, isRepeating: true };
    this.resource.change(owner, (object, form) =>
      withValues(object, element, edit(valuesOf(object, element), form), this.copies),
    );
  }

  /** What the elements of a node may be; a primitive one has those of every element. */
  private shapeIn({ shape = this.shapeOf('Element') }: Node): Shape {
    if (shape) return shape;
    throw new Error('The definitions of R4 lack the type Element');
  }

  private content(index: number): ElementContent {
    return new ElementContent(this.shapeOf, (problem) => unfitOperation(problem, index));
  }
}
