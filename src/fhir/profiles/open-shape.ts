import type { ElementRule, Property, Shape } from '../validation/shape.js';

/** Makes what is asked for: a type that is not one of R4 has the elements that its own rules allow. */
class Whatever<V> extends Map<string, V> {
  constructor(private readonly make: (name: string) => V) {
    super();
  }

  override get(name: string): V {
    return this.make(name);
  }

  override has(): boolean {
    return true;
  }
}

/** The shape of a system resource, as far as profiles look into it. */
export function openShape(name: string): Shape {
  return { ...PARTS, name, types: [name], isResource: true };
}

const PARTS: Shape = {
  name: 'Element',
  types: ['Element'],
  isResource: false,
  isOpen: true,
  properties: new Whatever<Property>(propertyOf),
  elements: new Whatever<ElementRule>(elementOf),
  required: [],
  constraints: [],
};

function propertyOf(name: string): Property {
  const type = { kind: 'complex', name: 'Element', shape: () => PARTS } as const;
  return { element: elementOf(name), type, step: name, isCompanion: false };
}

function elementOf(name: string): ElementRule {
  return {
    name,
    min: 0,
    max: Infinity,
    isRepeating: false,
    isChoice: false,
    keys: [name],
    binding: undefined,
    constraints: [],
  };
}
