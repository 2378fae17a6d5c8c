/** What stands at an element, as far as references are concerned. */
export type Place = 'reference' | 'resource' | PlaceTree;

/** Elements by name; arrays are looked through. */
export type PlaceTree = ReadonlyMap<string, Place>;

/** Where references may be within one resource. */
export interface ReferencePlaces {
  readonly elements: PlaceTree;
  /** True of clinical types: every object in the shape of a reference is one, outside `elements`. */
  readonly anywhere: boolean;
}

const NOWHERE: PlaceTree = new Map();

function parameterTree(): PlaceTree {
  const tree = new Map<string, Place>([['resource', 'resource']]);
  // `part` repeats the structure of `parameter`, to any depth.
  return tree.set('part', tree);
}

const CLINICAL: PlaceTree = new Map([['contained', 'resource']]);
const BY_TYPE: ReadonlyMap<string, PlaceTree> = new Map<string, PlaceTree>([
  [
    'Bundle',
    new Map<string, Place>([
      [
        'entry',
        new Map<string, Place>([
          ['resource', 'resource'],
          ['response', new Map<string, Place>([['outcome', 'resource']])],
        ]),
      ],
    ]),
  ],
  ['Parameters', new Map<string, Place>([['parameter', parameterTree()]])],
]);

/** The places of a clinical type: anywhere, but a resource within the resource is no reference. */
export function clinicalPlaces(resourceType: string): ReferencePlaces {
  return { elements: BY_TYPE.get(resourceType) ?? CLINICAL, anywhere: true };
}

/**
 * The places of a system resource, from the paths of its reference elements (`user`,
 * `links.patient`, `link[]`). Everything else, open elements above all, stays as it is.
 */
export function declaredPlaces(paths: readonly string[]): ReferencePlaces {
  const root = new Map<string, Place>();
  for (const path of paths) plant(root, path.replaceAll('[]', '').split('.'));
  return { elements: root, anywhere: false };
}

/** The children of a place that holds neither a reference nor a resource. */
export function elementsOf(place: Place | undefined): PlaceTree {
  return place instanceof Map ? place : NOWHERE;
}

function plant(tree: Map<string, Place>, [name = '', ...rest]: readonly string[]): void {
  if (rest.length === 0) {
    tree.set(name, 'reference');
    return;
  }
  const child = new Map(elementsOf(tree.get(name)));
  tree.set(name, child);
  plant(child, rest);
}
