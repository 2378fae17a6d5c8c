/** A rule in FHIRPath that an element must meet (FHIR R4, ElementDefinition.constraint). */
export interface Constraint {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  /** What the rule means, in words. */
  readonly human: string;
  readonly expression: string;
  /** A recommendation that most resources need not follow. */
  readonly isBestPractice?: boolean;
}

/** A type that an element may have; a name where nothing more is said of it. */
export type TypeUse =
  | string
  | {
      readonly code: string;
      /** Types of resources that a Reference may lead to; absent where it may lead to any. */
      readonly targets?: readonly string[];
      /** A type of R4 that restricts this one, as `SimpleQuantity` does. */
      readonly profile?: string;
    };

/** An element as R4 defines it, without what its type says already. */
export interface ElementDefinition {
  /** Below the type, as `contact.name`; of a choice with `[x]`. */
  readonly path: string;
  /** 0 where absent. */
  readonly min?: number;
  /** `*` or a number; 1 where absent. */
  readonly max?: string;
  /** Path of the element whose content this one has. */
  readonly content?: string;
  readonly types?: readonly TypeUse[];
  /** URL of the value set that is required. */
  readonly binding?: string;
  readonly constraints?: readonly Constraint[];
}

/** A type as R4 defines it, without what it has from its base. */
export interface TypeDefinition {
  readonly name: string;
  readonly kind: 'primitive' | 'complex' | 'resource';
  readonly abstract?: boolean;
  readonly base?: string;
  readonly constraints?: readonly Constraint[];
  readonly elements: readonly ElementDefinition[];
}

/** A value set: its codes by system, or the outside system whose codes all belong to it. */
export interface ValueSetDefinition {
  readonly url: string;
  readonly systems?: Readonly<Record<string, readonly string[]>>;
  readonly external?: string;
}
