import type { Bindings } from './bindings.js';
import type { CompiledConstraints } from './constraints.js';
import type { Shapes } from './shapes.js';
import type { WorkLimits } from './work-slices.js';

/** What resources are compared with. */
export interface ValidationRules {
  readonly shapes: Shapes;
  readonly bindings: Bindings;
  readonly constraints: CompiledConstraints;
  /** Resource types that are no types of R4 but may be referred to. */
  readonly otherTypes: readonly string[];
  readonly limits: WorkLimits;
}
