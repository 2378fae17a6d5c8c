import { createHash } from 'node:crypto';
import { parseElement, type IndexTable, type SearchElement } from './search-element.js';

/** Kinds of search parameter that compare values (FHIR R4, Search §3.1.1.4). */
export type ValueKind = 'date' | 'number' | 'quantity' | 'reference' | 'string' | 'token' | 'uri';

/** A search parameter as the generated definitions write it. */
export interface WrittenParameter {
  readonly kind: string;
  readonly paths?: readonly string[];
  /** Types that a reference may lead to; `*` is any. */
  readonly targets?: readonly string[];
  /** Of a composite: the parameters it is made of; `^` marks one that is met anywhere in the resource. */
  readonly components?: readonly string[];
}

/** The generated definitions. */
export interface WrittenDefinitions {
  readonly common: Readonly<Record<string, WrittenParameter>>;
  readonly types: Readonly<
    Record<
      string,
      { readonly elements: string; readonly parameters: Readonly<Record<string, WrittenParameter>> }
    >
  >;
  readonly compartments: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Codes by their systems. */
export type ValueSetCodes = Readonly<Record<string, readonly string[]>>;

/** A search parameter that compares values of elements. */
export interface ValueParameter {
  readonly name: string;
  readonly kind: ValueKind;
  readonly elements: readonly SearchElement[];
  /** Types that a reference may lead to; empty for other kinds. */
  readonly targets: readonly string[];
}

/** A search parameter over several values that belong together. */
export interface CompositeParameter {
  readonly name: string;
  readonly kind: 'composite';
  readonly components: readonly {
    readonly parameter: ValueParameter;
    /** Whether it must be met in the same repetition of an element as the others. */
    readonly isLinked: boolean;
  }[];
}

/** A search parameter of one resource type. */
export type DefinedParameter = ValueParameter | CompositeParameter;

const TABLES: Readonly<Record<ValueKind, IndexTable>> = {
  date: 'search_date',
  number: 'search_quantity',
  quantity: 'search_quantity',
  reference: 'search_reference',
  string: 'search_string',
  token: 'search_token',
  uri: 'search_uri',
};

/** To be raised when resources are indexed otherwise than before, so that existing ones are indexed again. */
const EXTRACTION = 3;

/** The search parameters of all clinical types, and the compartments they are members of. */
export class SearchDefinitions {
  /** Changes with the definitions, and with how values are taken from resources by them. */
  readonly version: string;
  /** In order of their names. */
  readonly types: readonly string[];
  private readonly byType: ReadonlyMap<string, ReadonlyMap<string, DefinedParameter>>;

  /** @param valueSet the codes of a value set by their systems, where they are known; its URL has no version */
  constructor(
    private readonly written: WrittenDefinitions,
    readonly valueSet: (url: string) => ValueSetCodes | undefined = () => undefined,
  ) {
    this.types = Object.keys(written.types);
    this.byType = new Map(this.types.map((type) => [type, this.parametersFor(type)]));
    this.version = createHash('sha256')
      .update(JSON.stringify([EXTRACTION, written]))
      .digest('hex')
      .slice(0, 16);
  }

  /** The parameters of a type that R4 defines over its elements, in order of their names. */
  parameters(type: string): ReadonlyMap<string, DefinedParameter> {
    return this.byType.get(type) ?? new Map<string, DefinedParameter>();
  }

  /** Every element of a type that the index keeps, each once. */
  elements(type: string): readonly SearchElement[] {
    const elements = new Map<string, SearchElement>();
    for (const parameter of this.parameters(type).values()) {
      if (parameter.kind === 'composite') continue;
      for (const element of parameter.elements) {
        elements.set(`${element.table} ${element.slot}`, element);
      }
    }
    return [...elements.values()];
  }

  /** Elements of a resource as the definitions list them: `!` is mandatory, `*` in the summary. */
  elementList(type: string): readonly string[] {
    return (this.written.types[type]?.elements ?? '').split(' ');
  }

  /** Names of the compartments that can be searched in. */
  get compartments(): readonly string[] {
    return Object.keys(this.written.compartments);
  }

  /** The reference parameters by which resources of a type are in a compartment; empty when they never are. */
  compartmentParameters(compartment: string, type: string): readonly string[] {
    const members = this.written.compartments[compartment] ?? {};
    return Object.hasOwn(members, type) ? (members[type] ?? []) : [];
  }

  private parametersFor(type: string): ReadonlyMap<string, DefinedParameter> {
    const own = Object.entries(this.written.types[type]?.parameters ?? {});
    const common = Object.entries(this.written.common);
    const values = new Map<string, ValueParameter>();
    for (const [name, written] of common) this.addValue(values, 'Resource', name, written);
    for (const [name, written] of own) this.addValue(values, type, name, written);
    const composites = own.flatMap(([name, { components }]) =>
      components ? [[name, composite(name, components, values)] as const] : [],
    );
    return new Map<string, DefinedParameter>(
      [...values, ...composites].sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  private addValue(
    values: Map<string, ValueParameter>,
    owner: string,
    name: string,
    { kind, paths, targets = [] }: WrittenParameter,
  ): void {
    if (!paths || !isValueKind(kind)) return;
    const elements = paths.flatMap((path) => parseElement(owner, TABLES[kind], path));
    const isAny = targets[0] === '*';
    values.set(name, { name, kind, elements, targets: isAny ? this.types : targets });
  }
}

function isValueKind(kind: string): kind is ValueKind {
  return Object.hasOwn(TABLES, kind);
}

function composite(
  name: string,
  components: readonly string[],
  values: ReadonlyMap<string, ValueParameter>,
): CompositeParameter {
  return {
    name,
    kind: 'composite',
    components: components.map((component) => {
      const parameter = values.get(component.replace(/^\^/, ''));
      if (!parameter) throw new Error(`${name} is made of ${component}, which is not defined`);
      return { parameter, isLinked: !component.startsWith('^') };
    }),
  };
}
