import type { JsonObject } from '../../interactions/formats/json.js';
import { UnusableProfile, type ProfileNode, type Slicing } from './profile-node.js';
import { readElement } from './read-element.js';

/** Steps of an id; those of published profiles have ten at most. */
const MAX_STEPS = 50;
const MAX_ID_LENGTH = 2_000;
/** Elements with those that only ids name, on the way to others. */
const MAX_NODES = 10_000;
const BY_URL: Slicing = {
  discriminators: [{ type: 'value', path: 'url' }],
  isClosed: false,
  isOpenAtEnd: false,
  isOrdered: false,
};

/** The elements of one profile as a tree, built from the ids of its element definitions. */
export class ElementTree {
  private readonly root: ProfileNode;
  /** What is below a node, by the last step of its id. */
  private readonly below = new Map<ProfileNode, Map<string, ProfileNode>>();
  private nodes = 1;

  /** @param type that the profile constrains */
  constructor(type: string) {
    this.root = emptyNode(type);
  }

  /**
   * The root, once all elements are placed. A type at the root says nothing that the profile's own type does
   * not; a profile of it would be compared with the same value again, and perhaps without end.
   */
  get whole(): ProfileNode {
    const { root } = this;
    if (root.types.length === 0) return root;
    return { ...root, types: [], unsupported: [...root.unsupported, 'the types of its root'] };
  }

  /**
   * Puts what an element definition says where its id belongs in the tree.
   *
   * @throws UnusableProfile where ids lead too deep, or to too many elements
   */
  place(element: JsonObject): void {
    const id = idOf(element);
    if (id.length > MAX_ID_LENGTH) throw new UnusableProfile('has an element with too long an id');
    const [, ...steps] = id.split('.');
    if (steps.length > MAX_STEPS) throw new UnusableProfile('has elements that nest too deep');
    let node = this.root;
    for (const step of steps) node = this.descend(node, step);
    readElement(element, node);
  }

  private descend(parent: ProfileNode, step: string): ProfileNode {
    const colon = step.indexOf(':');
    const name = (colon < 0 ? step : step.slice(0, colon)).replace(/\[x\]$/, '');
    const element = this.at(parent, name, () => added(parent.children, emptyNode(name)));
    if (colon < 0) return element;
    if (name === 'extension' || name === 'modifierExtension') element.slicing ??= BY_URL;
    const sliceName = step.slice(colon + 1);
    return this.at(element, `:${sliceName}`, () => added(element.slices, slice(name, sliceName)));
  }

  private at(parent: ProfileNode, step: string, make: () => ProfileNode): ProfileNode {
    const siblings = this.below.get(parent) ?? new Map<string, ProfileNode>();
    const known = siblings.get(step);
    if (known) return known;
    this.nodes += 1;
    if (this.nodes > MAX_NODES)
      throw new UnusableProfile(`leads to more than ${MAX_NODES} elements`);
    const node = make();
    this.below.set(parent, siblings.set(step, node));
    return node;
  }
}

/** Ids say the slices on the way; of elements without slices the path says as much. */
function idOf(element: JsonObject): string {
  const id = textOf(element, 'id');
  if (id !== '') return id;
  const sliceName = textOf(element, 'sliceName');
  const path = textOf(element, 'path');
  return sliceName === '' ? path : `${path}:${sliceName}`;
}

function added(list: ProfileNode[], node: ProfileNode): ProfileNode {
  list.push(node);
  return node;
}

function slice(name: string, sliceName: string): ProfileNode {
  const node = { ...emptyNode(name), sliceName };
  if (sliceName.includes('/')) node.unsupported.push(`the slice ${sliceName} within a slice`);
  return node;
}

function emptyNode(name: string): ProfileNode {
  const lists = { types: [], constraints: [], children: [], slices: [], unsupported: [] };
  return { name, min: 0, max: Infinity, ...lists };
}

function textOf(object: JsonObject, name: string): string {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : '';
}
