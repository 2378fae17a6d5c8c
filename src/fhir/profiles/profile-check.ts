import type { Json, JsonObject } from '../../interactions/formats/json.js';
import type { Node } from '../fhirpath/item.js';
import type { Scope } from '../fhirpath/scope.js';
import { checkBinding, type CodeList } from '../validation/bindings.js';
import {
  ConstraintCheck,
  type CompiledConstraints,
  type Surroundings,
} from '../validation/constraints.js';
import type { Findings } from '../validation/findings.js';
import { referencedType } from '../validation/reference-rules.js';
import type { Shape } from '../validation/shape.js';
import type { Steps, WorkLimits, WorkSlices } from '../validation/work-slices.js';
import { hasPattern, isFixed, type Comparison } from './fixed-values.js';
import { occurrencesOf, type Occurrence } from './occurrences.js';
import type { Profile, ProfiledType, ProfileNode } from './profile-node.js';
import { slicedValues } from './sliced-values.js';
import type { SliceScope } from './slice-matcher.js';

/** What profiles are read and compared with. */
export interface ProfileContext {
  /** @returns `undefined` for a profile that is not known, or by which nothing can be validated. */
  profile(canonical: string): Profile | undefined;
  codes(valueSet: string): CodeList | undefined;
  typesOf: SliceScope['typesOf'];
  readonly shapes: { find(type: string): Shape | undefined };
  readonly constraints: CompiledConstraints;
  readonly limits: WorkLimits;
}

/** Compares one resource with profiles. It must be valid by the definition of its type. */
export class ProfileCheck {
  private readonly constraints: ConstraintCheck;
  /** What was said to be unsupported, once for each profile. */
  private readonly told = new Set<string>();
  private url = '';

  constructor(
    private readonly context: ProfileContext,
    private readonly surroundings: Surroundings,
    private readonly findings: Findings,
    private readonly slices: Pick<WorkSlices, 'isDue'>,
  ) {
    const { constraints, shapes, limits } = context;
    this.constraints = new ConstraintCheck(constraints, shapes, limits, false);
  }

  /** Reports wherever a value does not conform to a profile. @throws TooCostly, which has been reported. */
  *conform(profile: Profile, node: Node): Steps {
    const outer = this.url;
    if (profile.base !== undefined) {
      const base = this.context.profile(profile.base);
      if (base) yield* this.conform(base, node);
    }
    this.url = profile.url;
    yield* this.rules(profile.root, node);
    this.url = outer;
  }

  /** What is said of one value. */
  *rules(rule: ProfileNode, node: Node): Steps {
    if (this.slices.isDue()) yield;
    for (const what of rule.unsupported) this.tell(what);
    this.value(rule, node);
    if (rule.types.length > 0) yield* this.types(rule.types, node);
    this.constraints.check(rule.constraints, node, this.surroundings, this.findings);
    for (const child of rule.children) yield* this.element(child, node);
  }

  private value(rule: ProfileNode, { value }: Node): void {
    const { fixed, pattern, binding, maxLength = Infinity } = rule;
    if (fixed !== undefined && !this.isMet(isFixed, value, fixed)) {
      this.report('value', `must be ${shown(fixed)}`);
    }
    if (pattern !== undefined && !this.isMet(hasPattern, value, pattern)) {
      this.report('value', `must have at least ${shown(pattern)}`);
    }
    if (typeof value === 'string' && value.length > maxLength) {
      this.report('value', `must not be longer than ${maxLength} characters`);
    }
    if (value !== undefined && binding !== undefined) this.binding(binding, value);
  }

  /** An element without a value, but with extensions, has not what is asked for. */
  private isMet(compare: Comparison, value: Json | undefined, wanted: Json): boolean {
    if (value === undefined) return false;
    const what = `what profile ${this.url} says`;
    return this.constraints.within(what, this.findings, (budget) => compare(value, wanted, budget));
  }

  private binding(valueSet: string, value: Json): void {
    const list = this.context.codes(valueSet);
    if (list) checkBinding(value, list, this.findings);
    else this.tell(`the codes of ${valueSet}, which are not known here`);
  }

  private *types(types: readonly ProfiledType[], node: Node): Steps {
    const own = types.filter(({ code }) => isOfCode(node, code));
    if (own.length === 0) {
      this.report('structure', `must be one of ${types.map(({ code }) => code).join(', ')}`);
      return;
    }
    this.targets(own, node);
    const profiles = own.flatMap((type) => type.profiles);
    const isFree = own.some((type) => type.profiles.length === 0);
    if (!isFree) yield* this.oneOf(profiles, node);
  }

  private targets(types: readonly ProfiledType[], node: Node): void {
    const targets = types.flatMap((type) => type.targets);
    if (node.type !== 'Reference' || targets.length === 0) return;
    const allowed = this.context.typesOf(targets);
    const type = this.referencedType(node);
    if (!allowed || type === undefined || allowed.includes('Resource')) return;
    if (!allowed.includes(type)) {
      this.report('value', `leads to ${type}; allowed here: ${allowed.join(', ')}`);
    }
  }

  private *oneOf(urls: readonly string[], node: Node): Steps {
    const known = urls.flatMap((url) => this.context.profile(url) ?? []);
    const [only] = known;
    if (known.length < urls.length || !only) {
      this.tell(`the profiles ${urls.join(', ')}, which are not all known here`);
    } else if (known.length === 1) {
      yield* this.conform(only, node);
    } else {
      for (const profile of known) {
        const trial = new ProfileCheck(
          this.context,
          this.surroundings,
          this.findings.trial(),
          this.slices,
        );
        yield* trial.conform(profile, node);
        if (!trial.findings.hasErrors) return;
      }
      this.report('structure', `conforms to none of ${urls.join(', ')}`);
    }
  }

  private *element(rule: ProfileNode, parent: Node): Steps {
    const found = occurrencesOf(parent, rule.name, this.scope);
    if (!found) {
      this.tell(`the element ${rule.name}, which is none of ${parent.type}`);
      return;
    }
    this.count(rule, found.length, rule.name);
    for (const occurrence of found) yield* this.at(occurrence, rule);
    if (rule.slices.length > 0) yield* this.sliced(rule, found);
  }

  private *sliced(rule: ProfileNode, found: readonly Occurrence[]): Steps {
    const work = { scope: this.sliceScope, turns: this.slices };
    const values = yield* slicedValues(rule, found, work);
    if (typeof values === 'string') {
      this.tell(values, rule.name);
      return;
    }
    for (const problem of values.problems) this.reportAt(problem.occurrence, problem.diagnostics);
    for (const { slice, members } of values.slices) {
      this.count(slice, members.length, `${rule.name} (slice ${slice.sliceName ?? ''})`);
      for (const occurrence of members) yield* this.at(occurrence, slice);
    }
  }

  private *at({ node, steps }: Occurrence, rule: ProfileNode): Steps {
    for (const step of steps) this.findings.enter(step);
    yield* this.rules(rule, node);
    steps.forEach(() => this.findings.leave());
  }

  private count({ min, max, name }: ProfileNode, count: number, what: string): void {
    if (count < min) {
      const times = min === 1 ? '' : ` ${min} times`;
      this.findings.report('required', `${what} is required${times}${this.by}`, name);
    } else if (count > max) {
      const rule = max === 0 ? 'must not be there' : `must not be there more than ${max} times`;
      this.findings.report('structure', `${what} ${rule}${this.by}`, name);
    }
  }

  private reportAt({ steps }: Occurrence, diagnostics: string): void {
    for (const step of steps) this.findings.enter(step);
    this.report('structure', diagnostics);
    steps.forEach(() => this.findings.leave());
  }

  private report(code: 'structure' | 'value', rule: string): void {
    this.findings.report(code, `${rule}${this.by}`);
  }

  /** What is not looked at is said, so that silence means conformance. */
  private tell(what: string, step?: string): void {
    if (this.told.has(`${this.url} ${what}`)) return;
    this.told.add(`${this.url} ${what}`);
    this.findings.warn('not-supported', `was not compared with ${what}${this.by}`, step);
  }

  private get by(): string {
    return ` (profile ${this.url})`;
  }

  private get scope(): Pick<Scope, 'shapeOf'> {
    return { shapeOf: (type) => this.context.shapes.find(type) };
  }

  private get sliceScope(): SliceScope {
    return {
      holds: (compare, value, wanted) => this.isMet(compare, value, wanted),
      codes: (valueSet) => this.context.codes(valueSet),
      typesOf: this.context.typesOf,
      evaluate: (expression, node) =>
        this.constraints.evaluate(expression, node, this.surroundings, this.findings),
      referencedType: (node) => this.referencedType(node),
    };
  }

  private referencedType({ value }: Node): string | undefined {
    return referencedType(value as JsonObject, this.surroundings.root);
  }
}

/** Of what a system resource is made of, its own rules say the types. */
function isOfCode({ type, shape }: Node, code: string): boolean {
  if (shape?.isOpen) return true;
  return type === code || (code === 'Resource' && shape?.isResource === true);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
