import type { JsonObject } from '../../interactions/formats/json.js';
import type { Constraint } from '../definitions/type-definition.js';
import { compileExpression } from '../fhirpath/compile.js';
import { InvalidExpression, TooCostly, Undecided } from '../fhirpath/fhirpath-error.js';
import type { Collection, Node } from '../fhirpath/item.js';
import { Budget, resourceNode, type Evaluate, type Scope } from '../fhirpath/scope.js';
import { truthOf } from '../fhirpath/truth.js';
import type { Findings } from './findings.js';
import type { Shapes } from './shapes.js';
import type { WorkLimits } from './work-slices.js';

const MAX_COMPILED = 5_000;

/** An expression, or why it cannot be evaluated. */
type Compiled = Evaluate | InvalidExpression;

/** Compiles the expressions of constraints, each once. */
export class CompiledConstraints {
  private readonly compiled = new Map<string, Compiled>();

  find(expression: string): Compiled {
    const known = this.compiled.get(expression);
    if (known) return known;
    // Profiles bring expressions of their own.
    if (this.compiled.size >= MAX_COMPILED) this.compiled.clear();
    const compiled = compiledOrNot(expression);
    this.compiled.set(expression, compiled);
    return compiled;
  }
}

function compiledOrNot(expression: string): Compiled {
  try {
    return compileExpression(expression);
  } catch (error) {
    if (error instanceof InvalidExpression) return error;
    throw error;
  }
}

/** The resource in which a constraint is evaluated. */
export interface Surroundings {
  readonly resource: JsonObject;
  /** The one that contains it, or itself. */
  readonly root: JsonObject;
}

/** Evaluates constraints on the elements of one resource, within one budget. */
export class ConstraintCheck {
  private readonly budget: Budget;

  constructor(
    private readonly expressions: CompiledConstraints,
    private readonly shapes: Pick<Shapes, 'find'>,
    { steps, stepsAtOnce }: WorkLimits,
    /** Whether what is not supported here counts as not met; of the constraints of R4 all are. */
    private readonly isStrict = true,
  ) {
    this.budget = new Budget(steps, stepsAtOnce);
  }

  /**
   * Reports the constraints that an element does not meet, or that cannot be decided for it.
   *
   * @throws TooCostly, which has been reported, when there is no point in going on.
   */
  check(
    constraints: readonly Constraint[],
    node: Node,
    surroundings: Surroundings,
    findings: Findings,
  ): void {
    if (constraints.length === 0) return;
    const scope = this.scope(node, surroundings);
    for (const constraint of constraints) this.one(constraint, node, scope, findings);
  }

  /**
   * What an expression yields at an element.
   *
   * @returns `undefined` where it cannot be evaluated
   * @throws TooCostly, which has been reported, when there is no point in going on.
   */
  evaluate(
    expression: string,
    node: Node,
    surroundings: Surroundings,
    findings: Findings,
  ): Collection | undefined {
    this.budget.begin();
    try {
      const evaluate = this.expressions.find(expression);
      if (evaluate instanceof InvalidExpression) return undefined;
      this.budget.take(1);
      return evaluate([node], this.scope(node, surroundings));
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      if (!this.budget.isSpent) return undefined;
      findings.report('too-costly', `cannot be compared with slices: it ${error.message}`);
      throw error;
    }
  }

  /**
   * Does other work on the resource within the same budget.
   *
   * @param what it is for, in words
   * @throws TooCostly, which has been reported.
   */
  within<Result>(what: string, findings: Findings, work: (budget: Budget) => Result): Result {
    this.budget.begin();
    try {
      return work(this.budget);
    } catch (error) {
      if (error instanceof TooCostly) {
        findings.report('too-costly', `cannot be compared with ${what}: it ${error.message}`);
      }
      throw error;
    }
  }

  private one(constraint: Constraint, node: Node, scope: Scope, findings: Findings): void {
    const { key, human, severity } = constraint;
    this.budget.begin();
    try {
      const evaluate = this.expressions.find(constraint.expression);
      if (evaluate instanceof InvalidExpression) throw evaluate;
      if (truthOf(evaluate([node], scope)) === true) return;
      if (severity === 'error') findings.report('invariant', `breaks ${key}: ${human}`);
      else findings.warn('invariant', `does not follow ${key}: ${human}`);
    } catch (error) {
      if (!(error instanceof Undecided || error instanceof InvalidExpression)) throw error;
      this.undecided(constraint, error, findings);
      if (this.budget.isSpent) throw error;
    }
  }

  /** What is not known to hold must not pass for it. */
  private undecided({ key, severity }: Constraint, error: Error, findings: Findings): void {
    const code = error instanceof Undecided ? 'too-costly' : 'not-supported';
    const why = `cannot be compared with ${key}: its expression ${error.message}`;
    const isRefused = this.isStrict || error instanceof TooCostly;
    if ((severity === 'error' && isRefused) || this.budget.isSpent) findings.report(code, why);
    else findings.warn(code, why);
  }

  private scope(node: Node, { resource, root }: Surroundings): Scope {
    const shapeOf = (type: string) => this.shapes.find(type);
    return {
      self: [node],
      context: node,
      resource: resourceNode(resource, { shapeOf }),
      rootResource: resourceNode(root, { shapeOf }),
      budget: this.budget,
      shapeOf,
    };
  }
}
