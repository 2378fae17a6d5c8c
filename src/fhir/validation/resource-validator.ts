import type { Issue } from '../../errors/fhir-error.js';
import type { JsonObject } from '../../interactions/formats/json.js';
import type { R4Definitions } from '../definitions/r4-definitions.js';
import { Bindings } from './bindings.js';
import { ConstraintChecks } from './constraint-checks.js';
import { CompiledConstraints } from './constraints.js';
import { FormChecks } from './form-checks.js';
import { ResourceWalk } from './resource-walk.js';
import { Shapes } from './shapes.js';
import type { ValidationRules } from './validation-rules.js';

/** Compares resources with the definitions of FHIR R4. What it compiles of them is kept. */
export class ResourceValidator {
  private readonly rules: ValidationRules;

  /** @param otherTypes resource types that are no types of R4 but may be referred to */
  constructor(definitions: R4Definitions, otherTypes: readonly string[] = []) {
    this.rules = {
      shapes: new Shapes(definitions),
      bindings: new Bindings(definitions),
      constraints: new CompiledConstraints(),
      otherTypes,
    };
  }

  /**
   * All that is amiss with a resource, in the order in which it stands there; constraints are looked at once
   * everything has the right form.
   *
   * @param resource without nulls and empty values where FHIR's JSON has none
   * @returns issues of severity `error` make it invalid.
   */
  issues(resource: JsonObject, type: string): readonly Issue[] {
    const form = new ResourceWalk(this.rules.shapes, new FormChecks(this.rules), type);
    form.resource(resource);
    if (form.findings.hasErrors) return form.findings.issues;
    const constraints = new ConstraintChecks(this.rules);
    const walk = new ResourceWalk(this.rules.shapes, constraints, type);
    walk.resource(resource);
    return walk.findings.issues;
  }
}
