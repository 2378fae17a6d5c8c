import { isAbsent, isArray, isObject, own, type Json, type JsonObject } from '../json.js';
import type { ReferenceTarget } from '../reference.js';
import { CHARACTER, Equality, referenceIn } from './equality.js';
import { Undecidable, type WorkLimit } from './work-limit.js';
import type { Pattern, PathUse, ValueTest } from './pattern.js';
import type { LinearRegex } from './regex.js';
import { valueAt } from './request-path.js';

/** Where a subject differs from a pattern. */
export interface Mismatch {
  /** Keys and indexes from the root of the subject; empty for the subject itself. */
  readonly path: readonly (string | number)[];
  /** The pattern as it was written. */
  readonly expected: Json;
  /** What was there instead; `null` when nothing was. */
  readonly but: Json;
}

type Mismatches = readonly Mismatch[];
type Of<Kind extends Pattern['kind']> = Extract<Pattern, { kind: Kind }>;

const NONE: Mismatches = [];

const MAX_EXPLAINED = 1_000;

/** One comparison of a pattern with a subject; used once, because it counts its work. */
export class Comparison {
  // Made when they are needed: most patterns need neither, and requests are many.
  private lazyEquality: Equality | undefined;
  /** What `$reference` made of a reference, with the text that value tests see of it. */
  private targets: Map<Json, string> | undefined;

  /** @param exhaustive whether all mismatches are wanted, or the first is enough. */
  constructor(
    private readonly context: JsonObject,
    private readonly exhaustive: boolean,
    private readonly work: WorkLimit,
  ) {}

  /**
   * The places where the subject differs; empty when it matches.
   *
   * @throws Undecidable when the answer would take more work than is allowed.
   * @throws WorkSpent when the decision has no work left.
   */
  compare(pattern: Pattern, subject: Json | undefined): Mismatches {
    this.work.spend(1);
    switch (pattern.kind) {
      case 'value':
      case 'path':
      case 'one-of':
      case 'not':
      case 'reference':
        return this.holds(pattern, subject) ? NONE : mismatch(pattern, subject);
      case 'members':
        return this.members(pattern, subject);
      case 'all':
        return this.each(pattern.patterns, (part) => this.compare(part, subject));
      case 'items':
        return this.items(pattern, subject);
    }
  }

  private holds(
    pattern: Of<'value' | 'path' | 'one-of' | 'not' | 'reference'>,
    subject: Json | undefined,
  ): boolean {
    switch (pattern.kind) {
      case 'value':
        return this.passes(pattern.test, subject);
      case 'path':
        return this.equalsTarget(pattern, subject);
      case 'one-of':
        return pattern.patterns.some((branch) => this.matches(branch, subject));
      case 'not':
        return this.negation(pattern, subject);
      case 'reference':
        return this.matches(pattern.target, this.target(subject));
    }
  }

  private get equality(): Equality {
    this.lazyEquality ??= new Equality(this.work);
    return this.lazyEquality;
  }

  private matches(pattern: Pattern, subject: Json | undefined): boolean {
    return this.compare(pattern, subject).length === 0;
  }

  private passes(test: ValueTest, subject: Json | undefined): boolean {
    switch (test.kind) {
      case 'equals':
        return this.scalar(subject) === test.value;
      case 'enum':
        return test.values.has(this.scalar(subject));
      case 'regex':
        return this.found(test.regex, this.scalar(subject));
      case 'present':
        return !isAbsent(subject);
      case 'nil':
        return isAbsent(subject);
      case 'not-blank':
        return this.isText(subject);
      case 'length':
        return isArray(subject) && subject.length === test.length;
    }
  }

  private equalsTarget(use: PathUse, subject: Json | undefined): boolean {
    const target = this.targetOf(use);
    if (!use.asList) return this.equality.between(subject, target);
    // Values of the request are compared as they are, never read as patterns.
    return isArray(target) && target.some((value) => this.equality.between(subject, value));
  }

  private targetOf({ path, asList }: PathUse): Json | undefined {
    const target = valueAt(this.context, path, this.work);
    return asList && !isArray(target) ? undefined : target;
  }

  private members(pattern: Of<'members'>, subject: Json | undefined): Mismatches {
    const isFitting = pattern.of === 'array' ? isArray(subject) : isObject(subject);
    if (!isFitting) return mismatch(pattern, subject);
    return this.each(pattern.members, ([step, member]) =>
      below(step, this.compare(member, memberOf(subject, step))),
    );
  }

  private items(pattern: Of<'items'>, subject: Json | undefined): Mismatches {
    // No item at all counts as a missing value: "every" must not hold for want of anything.
    if (!isArray(subject) || subject.length === 0) return mismatch(pattern, subject);
    if (pattern.quantifier === 'every') {
      return this.each(subject, (item, index) =>
        below(
          index,
          this.each(pattern.patterns, (part) => this.compare(part, item)),
        ),
      );
    }
    const areMet = pattern.patterns.every((part) =>
      subject.some((item) => this.matches(part, item)),
    );
    return areMet ? NONE : mismatch(pattern, subject);
  }

  // Were a path that leads nowhere only unequal, its negation would hold: the missing value that
  // was to restrict a caller would open everything to them.
  private negation(pattern: Of<'not'>, subject: Json | undefined): boolean {
    this.work.spend(pattern.paths.length);
    return (
      pattern.paths.every((use) => this.targetOf(use) !== undefined) &&
      !this.matches(pattern.pattern, subject)
    );
  }

  private each<Part>(
    parts: readonly Part[],
    compare: (part: Part, index: number) => Mismatches,
  ): Mismatches {
    let found = NONE;
    let index = 0;
    for (const part of parts) {
      const mismatches = compare(part, index);
      index += 1;
      if (mismatches.length === 0) continue;
      if (!this.exhaustive) return mismatches;
      found = [...found, ...mismatches].slice(0, MAX_EXPLAINED);
      if (found.length === MAX_EXPLAINED) break;
    }
    return found;
  }

  private found(regex: LinearRegex, subject: Json | undefined): boolean {
    if (typeof subject !== 'string') return false;
    this.work.spend(regex.workOn(subject));
    const found = regex.test(subject);
    if (found === undefined) throw new Undecidable();
    return found;
  }

  private isText(subject: Json | undefined): boolean {
    if (typeof subject !== 'string') return false;
    this.work.spend(subject.length * CHARACTER);
    return subject.trim() !== '';
  }

  private scalar(subject: Json | undefined): Json | undefined {
    if (typeof subject !== 'object' || subject === null) return subject;
    return this.targets?.get(subject) ?? subject;
  }

  private target(subject: Json | undefined): Json | undefined {
    const target = referenceIn(subject, this.work);
    if (!target) return undefined;
    const text = textOf(target);
    const form = 'resourceType' in target ? { ...target, reference: text } : { ...target };
    this.targets ??= new Map<Json, string>();
    this.targets.set(form, text);
    return form;
  }
}

function memberOf(subject: Json | undefined, step: string | number): Json | undefined {
  if (typeof step === 'string') return own(subject, step);
  return isArray(subject) ? subject[step] : undefined;
}

function textOf(target: ReferenceTarget): string {
  if ('resourceType' in target) return `${target.resourceType}/${target.id}`;
  return 'uri' in target ? target.uri : `#${target.localRef}`;
}

function mismatch(pattern: Pattern, subject: Json | undefined): Mismatches {
  return [{ path: [], expected: pattern.source, but: subject ?? null }];
}

function below(step: string | number, mismatches: Mismatches): Mismatches {
  if (mismatches.length === 0) return NONE;
  return mismatches.map((found) => ({ ...found, path: [step, ...found.path] }));
}
