import type { Issue } from '../../errors/fhir-error.js';
import type { JsonObject } from '../../interactions/formats/json.js';
import type { Transaction } from '../../interactions/storage/transaction.js';
import { TooCostly } from '../fhirpath/fhirpath-error.js';
import { resourceNode } from '../fhirpath/scope.js';
import { Findings } from '../validation/findings.js';
import type { Shape } from '../validation/shape.js';
import type { ValidationRules } from '../validation/validation-rules.js';
import { WorkSlices } from '../validation/work-slices.js';
import { openShape } from './open-shape.js';
import { ProfileCheck, type ProfileContext } from './profile-check.js';
import { claimsIn, coreType, isOwnDefinition, type ProfileClaim } from './profile-claims.js';
import type { FoundProfile, ProfileClosure } from './profile-closure.js';
import type { ProfileLibrary } from './profile-library.js';
import { RequiredDefinitions } from './required-definitions.js';

/** Each has to be read. */
const MAX_PROFILES = 50;

/** Which profiles count, besides those that a resource claims. */
export interface ProfileSettings {
  /** Profiles that all resources of a type must conform to. */
  readonly requiredProfiles: ReadonlyMap<string, readonly string[]>;
  /** Whether what claims a profile that is not known is refused. */
  readonly refusesUnknownProfiles: boolean;
}

/** For what resources are compared with profiles. */
export interface ProfileUse {
  /** The one that writes the resource. */
  readonly transaction?: Transaction | undefined;
  /** The work that it is a part of. */
  readonly slices?: WorkSlices | undefined;
  /** Profiles that it is to conform to besides. */
  readonly asked?: readonly string[] | undefined;
}

/** Compares resources with the profiles that they claim or must conform to. */
export class ProfileValidator {
  /** Who may change what is required. */
  readonly required: RequiredDefinitions;

  constructor(
    private readonly library: Pick<ProfileLibrary, 'closure'>,
    private readonly rules: ValidationRules,
    private readonly settings: ProfileSettings,
  ) {
    this.required = new RequiredDefinitions(library, settings.requiredProfiles);
  }

  /**
   * Where a resource, or one within it, does not conform to a profile, and what was not looked at.
   *
   * @param resource valid by the definition of its type
   */
  async issues(
    resource: JsonObject,
    type: string,
    { transaction, slices = new WorkSlices(this.rules.limits), asked = [] }: ProfileUse = {},
  ): Promise<readonly Issue[]> {
    const demands = this.demandsOn(resource, type, asked);
    if (demands.length === 0) return [];
    const findings = new Findings(type);
    if (new Set(demands.map(({ canonical }) => canonical)).size > MAX_PROFILES) {
      findings.report('too-costly', `claims more than ${MAX_PROFILES} profiles`);
      return findings.issues;
    }
    for (const demand of demands) {
      const closure = await this.library.closure(demand.canonical, transaction);
      for (const step of demand.steps) findings.enter(step);
      await this.compare(demand, closure, findings, slices);
      demand.steps.forEach(() => findings.leave());
    }
    return findings.issues;
  }

  /** Each profile once for each resource; what must be counts before what is claimed. */
  private demandsOn(
    resource: JsonObject,
    type: string,
    asked: readonly string[],
  ): readonly ProfileClaim[] {
    const required = [...(this.settings.requiredProfiles.get(type) ?? []), ...asked]
      .filter((canonical) => !isOwnDefinition(canonical, type))
      .map((canonical) => ({ resource, root: resource, steps: [], canonical, at: undefined }));
    const demands: ProfileClaim[] = [];
    const seen = new Map<JsonObject, Set<string>>();
    for (const demand of [...required, ...claimsIn(resource)]) {
      const known = seen.get(demand.resource) ?? new Set<string>();
      if (!known.has(demand.canonical)) demands.push(demand);
      seen.set(demand.resource, known.add(demand.canonical));
    }
    return demands;
  }

  private async compare(
    demand: ProfileClaim,
    closure: ProfileClosure,
    findings: Findings,
    slices: WorkSlices,
  ): Promise<void> {
    const { resource, root, canonical } = demand;
    const profile = closure.profiles.get(canonical);
    const problem = problemOf(profile, demand);
    if (problem !== undefined || !profile || 'problem' in profile) {
      this.refuse(demand, problem ?? 'is not known here', profile !== undefined, findings);
      return;
    }
    const shapes = { find: (name: string) => this.shapeOf(name) };
    const context = this.contextOf(closure, shapes);
    const check = new ProfileCheck(context, { resource, root }, findings, slices);
    const node = resourceNode(resource, { shapeOf: shapes.find });
    try {
      if (await slices.run(check.conform(profile, node))) return;
      findings.report('too-costly', 'is too much to be compared with its profiles in time');
    } catch (error) {
      if (!(error instanceof TooCostly)) throw error;
      // Where one of several profiles was tried, only the trial's own findings say so.
      if (!findings.hasErrors) findings.report('too-costly', 'is too much to be compared');
    }
  }

  /** What must conform is refused, what only claims to if nothing can be made of the claim. */
  private refuse(
    { canonical, at }: ProfileClaim,
    problem: string,
    isKnown: boolean,
    findings: Findings,
  ): void {
    const steps = at === undefined ? [] : ['meta', 'profile', at];
    for (const step of steps) findings.enter(step);
    const said = `was not compared with ${canonical.slice(0, 200)}: the profile ${problem}`;
    const isTolerated = at !== undefined && !isKnown && !this.settings.refusesUnknownProfiles;
    if (isTolerated) findings.warn('not-supported', said);
    else findings.report('not-supported', said);
    steps.forEach(() => findings.leave());
  }

  private shapeOf(type: string): Shape | undefined {
    const { shapes, otherTypes } = this.rules;
    return shapes.find(type) ?? (otherTypes.includes(type) ? openShape(type) : undefined);
  }

  private contextOf(
    { profiles, codes }: ProfileClosure,
    shapes: ProfileContext['shapes'],
  ): ProfileContext {
    const { constraints, limits } = this.rules;
    const profile = (canonical: string) => usable(profiles.get(canonical));
    const typeOf = (target: string) => coreType(target) ?? profile(target)?.type;
    return {
      profile,
      codes: (valueSet) => codes.get(valueSet),
      typesOf: (targets) => {
        const types = targets.flatMap((target) => typeOf(target) ?? []);
        return types.length === targets.length ? types : undefined;
      },
      shapes,
      constraints,
      limits,
    };
  }
}

function usable(profile: FoundProfile) {
  return profile && !('problem' in profile) ? profile : undefined;
}

function problemOf(profile: FoundProfile, { resource }: ProfileClaim): string | undefined {
  if (!profile) return undefined;
  if ('problem' in profile) return profile.problem;
  return profile.type === resource['resourceType'] ? undefined : `is one of ${profile.type}`;
}
