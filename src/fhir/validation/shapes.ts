import type { R4Definitions } from '../definitions/r4-definitions.js';
import type { ElementDefinition, TypeDefinition, TypeUse } from '../definitions/type-definition.js';
import type { ElementRule, Property, Shape, ValueType } from './shape.js';

/** Backbone elements have what their type has besides what is said of them in place. */
const BACKBONES: ReadonlySet<string> = new Set(['BackboneElement', 'Element']);

/** Compiles the shapes of types, each when it is first asked for. */
export class Shapes {
  private readonly compiled = new Map<string, Shape | undefined>();

  constructor(private readonly definitions: R4Definitions) {}

  /** @returns `undefined` for what is no type of R4 with elements. */
  find(type: string): Shape | undefined {
    if (!this.compiled.has(type)) this.compiled.set(type, this.compiledType(type));
    return this.compiled.get(type);
  }

  /** @returns `undefined` for what is no concrete type of R4 resources. */
  findResource(type: string): Shape | undefined {
    const shape = this.find(type);
    const isAbstract = shape?.types.length === 1 || type === 'DomainResource';
    return shape?.isResource === true && !isAbstract ? shape : undefined;
  }

  private compiledType(name: string): Shape | undefined {
    const chain = this.chainOf(name);
    const [definition] = chain;
    if (!definition || definition.kind === 'primitive') return undefined;
    return this.shape(name, '', chain);
  }

  private chainOf(name: string): readonly TypeDefinition[] {
    const definition = this.definitions.type(name);
    if (!definition) return [];
    const { base } = definition;
    return [definition, ...(base === undefined ? [] : this.chainOf(base))];
  }

  /** @param at path of a backbone element below the type, or nothing for the type itself */
  private shape(name: string, at: string, chain: readonly TypeDefinition[]): Shape {
    const elements = new Map<string, ElementRule>();
    const properties = new Map<string, Property>();
    for (const { definition, owner } of elementsAt(at, chain)) {
      const rule = ruleOf(definition);
      // What a type says of an element comes before what its base says.
      if (elements.has(rule.name)) continue;
      elements.set(rule.name, rule);
      for (const [key, type] of this.typesOf(definition, owner)) {
        const step = rule.isChoice ? `${rule.name}.ofType(${type.name})` : rule.name;
        properties.set(key, { element: rule, type, step, isCompanion: false });
        if (type.kind === 'primitive' && type.name !== 'xhtml') {
          properties.set(`_${key}`, { element: rule, type, step, isCompanion: true });
        }
      }
    }
    return {
      name,
      types: chain.map((each) => each.name),
      isResource: at === '' && chain[0]?.kind === 'resource',
      properties,
      elements,
      required: [...elements.values()].filter(({ min }) => min > 0),
      constraints: at === '' ? chain.flatMap(({ constraints = [] }) => constraints) : [],
    };
  }

  private typesOf(
    definition: ElementDefinition,
    owner: TypeDefinition,
  ): readonly (readonly [string, ValueType])[] {
    const { path, content, types = [] } = definition;
    const name = nameOf(path);
    if (content !== undefined) return [[name, this.backbone(owner, content, 'BackboneElement')]];
    return types.map((use) => {
      const code = typeof use === 'string' ? use : use.code;
      const key = path.endsWith('[x]') ? `${name}${capitalised(code)}` : name;
      return [key, BACKBONES.has(code) ? this.backbone(owner, path, code) : this.typeOf(use)];
    });
  }

  private typeOf(use: TypeUse): ValueType {
    const { code, targets, profile } = typeof use === 'string' ? { code: use } : use;
    const name = profile ?? code;
    if (this.definitions.type(name)?.kind === 'primitive') return { kind: 'primitive', name };
    if (name === 'Resource') return { kind: 'resource', name };
    return { kind: 'complex', name: code, targets, shape: () => this.required(name) };
  }

  private backbone(owner: TypeDefinition, path: string, type: string): ValueType {
    const name = `${owner.name}.${path}`;
    const shape = () => {
      const known = this.compiled.get(name);
      if (known) return known;
      const compiled = this.shape(name, path, [owner, ...this.chainOf(type)]);
      this.compiled.set(name, compiled);
      return compiled;
    };
    return { kind: 'complex', name: type, shape };
  }

  private required(name: string): Shape {
    const shape = this.find(name);
    if (shape) return shape;
    throw new Error(`The definitions of R4 lack the type ${name}`);
  }
}

interface Found {
  readonly definition: ElementDefinition;
  readonly owner: TypeDefinition;
}

/** The elements directly below a path; of the types after the first, those directly below the type. */
function elementsAt(at: string, chain: readonly TypeDefinition[]): readonly Found[] {
  return chain.flatMap((owner, index) => {
    const prefix = index === 0 && at !== '' ? `${at}.` : '';
    return owner.elements
      .filter(({ path }) => path.startsWith(prefix) && !path.slice(prefix.length).includes('.'))
      .map((definition) => ({ definition, owner }));
  });
}

function ruleOf({
  path,
  min,
  max = '1',
  types = [],
  binding,
  constraints,
}: ElementDefinition): ElementRule {
  const name = nameOf(path);
  const isChoice = path.endsWith('[x]');
  const codes = types.map((use) => (typeof use === 'string' ? use : use.code));
  return {
    name,
    min: min ?? 0,
    max: max === '*' ? Infinity : Number(max),
    isRepeating: max === '*' || Number(max) > 1,
    isChoice,
    keys: isChoice ? codes.map((code) => `${name}${capitalised(code)}`) : [name],
    binding,
    constraints: constraints ?? [],
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).replace(/\[x\]$/, '');
}

function capitalised(code: string): string {
  return `${code.charAt(0).toUpperCase()}${code.slice(1)}`;
}
