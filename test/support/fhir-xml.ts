import type { Json, JsonObject } from '../../src/interactions/formats/json.js';
import type { Property, Shape } from '../../src/fhir/validation/shape.js';

/** An element of an XML document without namespaces, text and comments. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The element as it stands in the document, entities of quotes apart. */
  readonly source: string;
}

const TAG =
  /<!--[^]*?-->|<(?<closing>\/?)(?<name>[A-Za-z][\w:.-]*)(?<attributes>(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?<empty>\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Reads XML of trusted test data: elements and attributes, well-formed, without a prolog. */
export function parseXml(document: string): XmlElement {
  const text = document.replaceAll('\r\n', '\n');
  const top: XmlElement[] = [];
  const open: OpenElement[] = [];
  for (const { groups, index, 0: tag } of text.matchAll(TAG)) {
    const { name, attributes = '', closing, empty } = groups ?? {};
    // A comment has none.
    if (name === undefined) continue;
    if (!closing) open.push({ name, from: index, attributes, children: [] });
    if (!closing && !empty) continue;
    const siblings = open.at(-2)?.children ?? top;
    siblings.push(closed(open.pop(), name, text.slice(0, index + tag.length)));
  }
  return only(top, open);
}

function only([root]: readonly XmlElement[], open: readonly OpenElement[]): XmlElement {
  if (!root || open.length > 0) throw new Error('The document has no root, or leaves it open');
  return root;
}

interface OpenElement {
  readonly name: string;
  readonly from: number;
  readonly attributes: string;
  readonly children: XmlElement[];
}

function closed(element: OpenElement | undefined, name: string, before: string): XmlElement {
  if (element?.name !== name) throw new Error(`${name} is closed where it is not open`);
  return {
    name,
    attributes: attributesIn(element.attributes),
    children: element.children,
    source: before.slice(element.from).replaceAll('&quot;', '"'),
  };
}

/** A resource in FHIR's JSON format, by the definitions of its type. */
export function resourceOf(
  element: XmlElement,
  shapeOf: (type: string) => Shape | undefined,
): JsonObject {
  const shape = shapeOf(element.name);
  if (!shape) throw new Error(`${element.name} is no type of R4`);
  return { resourceType: element.name, ...objectOf(element, shape, shapeOf) };
}

function objectOf(
  { attributes, children }: XmlElement,
  shape: Shape,
  shapeOf: (type: string) => Shape | undefined,
): JsonObject {
  const own = Object.entries(attributes).filter(([name]) => name !== 'xmlns');
  const object: Record<string, Json> = Object.fromEntries(own);
  for (const name of new Set(children.map((child) => child.name))) {
    const property = shape.properties.get(name);
    if (!property) throw new Error(`${shape.name} has no element ${name}`);
    const values = children
      .filter((child) => child.name === name)
      .map((child) => valueOf(child, property, shapeOf));
    put(
      object,
      name,
      values.map(({ value }) => value),
      property,
    );
    put(
      object,
      `_${name}`,
      values.map(({ companion }) => companion),
      property,
    );
  }
  return object;
}

function put(
  object: Record<string, Json>,
  key: string,
  values: readonly (Json | undefined)[],
  { element }: Property,
): void {
  if (values.every((value) => value === undefined)) return;
  object[key] = element.isRepeating ? values.map((value) => value ?? null) : (values[0] ?? null);
}

function valueOf(
  element: XmlElement,
  { type }: Property,
  shapeOf: (type: string) => Shape | undefined,
): { readonly value?: Json | undefined; readonly companion?: Json | undefined } {
  switch (type.kind) {
    case 'complex':
      return { value: objectOf(element, type.shape(), shapeOf) };
    case 'resource': {
      const [resource] = element.children;
      return { value: resource && resourceOf(resource, shapeOf) };
    }
    case 'primitive': {
      if (type.name === 'xhtml') return { value: element.source };
      const { value, ...attributes } = element.attributes;
      const shape = shapeOf('Element');
      const companion = shape && objectOf({ ...element, attributes }, shape, shapeOf);
      const hasCompanion = companion !== undefined && Object.keys(companion).length > 0;
      return { value: scalar(value, type.name), companion: hasCompanion ? companion : undefined };
    }
  }
}

function scalar(text: string | undefined, type: string): Json | undefined {
  const isJson = ['boolean', 'integer', 'decimal', 'positiveInt', 'unsignedInt'].includes(type);
  return isJson && text !== undefined ? (JSON.parse(text) as Json) : text;
}

function attributesIn(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [
      name,
      decoded(double ?? single ?? ''),
    ]),
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
};

function decoded(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (whole, code?: string, name = '') =>
    code === undefined ? (ENTITIES[name as string] ?? whole) : String.fromCharCode(Number(code)),
  );
}
