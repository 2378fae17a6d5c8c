import type { Issue } from '../../errors/fhir-error.js';
import type { JsonObject } from '../../interactions/formats/json.js';
import type { R4Definitions } from '../definitions/r4-definitions.js';
import { Bindings } from './bindings.js';
import { TooCostly } from '../fhirpath/fhirpath-error.js';
import { ConstraintChecks } from './constraint-checks.js';
import { CompiledConstraints } from './constraints.js';
import type { Findings } from './findings.js';
import { FormChecks } from './form-checks.js';
import { ResourceWalk, type Visitor } from './resource-walk.js';
import { Shapes } from './shapes.js';
import type { ValidationRules } from './validation-rules.js';
import { WORK_LIMITS, WorkSlices, type WorkLimits } from './work-slices.js';

/** Compares resources with the definitions of FHIR R4. What it compiles of them is kept. */
export class ResourceValidator {
  /** Also for what goes beyond the definitions of R4. */
  readonly rules: ValidationRules;

  /** @param otherTypes resource types that are no types of R4 but may be referred to */
  constructor(
    definitions: R4Definitions,
    otherTypes: readonly string[] = [],
    limits: WorkLimits = WORK_LIMITS,
  ) {
    this.rules = {
      shapes: new Shapes(definitions),
      bindings: new Bindings(definitions),
      constraints: new CompiledConstraints(),
      otherTypes,
      limits,
    };
  }

  /** The elements of types. */
  get shapes(): Shapes {
    return this.rules.shapes;
  }

  /**
   * All that is amiss with a resource, in the order in which it stands there; constraints are looked at once
   * everything has the right form. Others have their turn meanwhile.
   *
   * @param resource without nulls and empty values where FHIR's JSON has none; not to be changed meanwhile
   * @param slices of the work that it is a part of, if it shares its time with others
   * @returns issues of severity `error` make it invalid; one with `too-costly` says that not all was looked at.
   */
  async issues(
    resource: JsonObject,
    type: string,
    slices = new WorkSlices(this.rules.limits),
  ): Promise<readonly Issue[]> {
    const form = await this.walk(resource, type, new FormChecks(this.rules), slices);
    if (form.hasErrors) return form.issues;
    const found = await this.walk(resource, type, new ConstraintChecks(this.rules), slices);
    return found.issues;
  }

  private async walk(
    resource: JsonObject,
    type: string,
    visitor: Visitor,
    slices: WorkSlices,
  ): Promise<Findings> {
    const walk = new ResourceWalk(this.rules.shapes, visitor, slices, type);
    try {
      if (await slices.run(walk.resource(resource))) return walk.findings;
      walk.findings.report('too-costly', 'is too much to be validated in time; send it in parts');
    } catch (error) {
      if (!(error instanceof TooCostly)) throw error;
    }
    return walk.findings;
  }
}
