import type { JsonObject } from '../../interactions/formats/json.js';
import { Node } from '../fhirpath/item.js';
import { ConstraintCheck } from './constraints.js';
import type { Findings } from './findings.js';
import { ResourceStack } from './resource-stack.js';
import type { Visit, Visitor } from './resource-walk.js';
import type { Shape } from './shape.js';
import type { ValidationRules } from './validation-rules.js';

/** The constraints of R4 on objects and elements. The form of the resource must be sound. */
export class ConstraintChecks extends ResourceStack implements Visitor {
  readonly checksValues = false;
  private readonly constraints: ConstraintCheck;

  constructor({ constraints, shapes, limits }: ValidationRules) {
    super();
    this.constraints = new ConstraintCheck(constraints, shapes, limits);
  }

  object(object: JsonObject, shape: Shape, findings: Findings): void {
    if (shape.constraints.length === 0) return;
    const [type = shape.name] = shape.types;
    this.check(shape.constraints, new Node(object, type, shape), findings);
  }

  element({ value, type, element }: Visit, findings: Findings): void {
    if (element.constraints.length === 0) return;
    const shape = type.kind === 'complex' ? type.shape() : undefined;
    this.check(element.constraints, new Node(value, type.name, shape), findings);
  }

  private check(constraints: Shape['constraints'], node: Node, findings: Findings): void {
    const surroundings = { resource: this.current, root: this.root };
    this.constraints.check(constraints, node, surroundings, findings);
  }
}
