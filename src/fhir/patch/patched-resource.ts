import {
  parseExact,
  stringifyExact,
  type ExactJson,
} from '../../interactions/formats/exact-json.js';
import type { JsonObject, ParsedBody } from '../../interactions/formats/json.js';
import type { Node } from '../fhirpath/item.js';
import {
  changedAt,
  type CopyBudget,
  type ElementValue,
  type JsonMembers,
  type Step,
} from './element-values.js';

/** The form in which paths find elements, and the one that keeps the digits of numbers. */
export type Form = 'plain' | 'exact';

/** A resource while it is patched, in both forms, which have the same elements. */
export class PatchedResource {
  private forms: Readonly<Record<Form, JsonMembers>>;

  constructor(
    { value, text }: ParsedBody,
    private readonly budget: CopyBudget,
  ) {
    this.forms = { plain: value as JsonObject, exact: parseExact(text) as JsonMembers };
  }

  get plain(): JsonObject {
    return this.forms.plain as JsonObject;
  }

  get exact(): ExactJson {
    return this.forms.exact as ExactJson;
  }

  /**
   * Changes the object that holds the elements of a node. What has nothing left in it is left out.
   *
   * @param owner found in {@link plain} as it is now
   * @throws TooCostly
   */
  change(owner: Node, edit: (object: JsonMembers, form: Form) => JsonMembers): void {
    const steps = stepsInto(owner);
    const changed = (form: Form) =>
      changedAt(this.forms[form], steps, (object) => edit(object, form), this.budget) ?? {};
    this.forms = { plain: changed('plain'), exact: changed('exact') };
  }
}

/** The object that holds the elements of a node: of a primitive one, its id and extensions. */
export function membersOfNode({ shape, value, companion }: Node): JsonMembers {
  return ((shape ? value : companion) ?? {}) as JsonMembers;
}

/** A new value in both forms. */
export function inBothForms(content: ElementValue): Readonly<Record<Form, ElementValue>> {
  const plain = (value: unknown): unknown =>
    value === undefined ? undefined : JSON.parse(stringifyExact(value as ExactJson));
  return {
    exact: content,
    plain: { value: plain(content.value), companion: plain(content.companion) },
  };
}

function stepsInto({ place, shape }: Node): readonly Step[] {
  if (!place) return [];
  const { owner, key, property, index = 0 } = place;
  const { isRepeating } = property.element;
  return [...stepsInto(owner), { key, isRepeating, index, isCompanion: shape === undefined }];
}
