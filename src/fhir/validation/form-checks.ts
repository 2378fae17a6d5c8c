import type { JsonObject } from '../../interactions/formats/json.js';
import { checkBinding } from './bindings.js';
import { checkContained } from './contained-rules.js';
import type { Findings } from './findings.js';
import { checkReference } from './reference-rules.js';
import { ResourceStack } from './resource-stack.js';
import type { Visit, Visitor } from './resource-walk.js';
import type { Shape } from './shape.js';
import type { ValidationRules } from './validation-rules.js';

/** Codes and references: what can be said of an element by itself besides its form. */
export class FormChecks extends ResourceStack implements Visitor {
  readonly checksValues = true;

  constructor(private readonly rules: ValidationRules) {
    super();
  }

  object(object: JsonObject, shape: Shape, findings: Findings): void {
    if (shape.isResource && object === this.root) checkContained(object, findings);
  }

  element({ value, type, element }: Visit, findings: Findings): void {
    const { bindings, shapes, otherTypes } = this.rules;
    const list = element.binding === undefined ? undefined : bindings.find(element.binding);
    if (list) checkBinding(value, list, findings);
    if (type.kind !== 'complex' || type.name !== 'Reference') return;
    const isKnownType = (name: string) =>
      shapes.findResource(name) !== undefined || otherTypes.includes(name);
    checkReference(value as JsonObject, type.targets, { isKnownType, root: this.root }, findings);
  }
}
