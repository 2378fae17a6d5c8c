import { isExactObject, type ExactJson, type ExactObject } from '../formats/exact-json.js';

/** What references within a Bundle lead to once its resources have their ids. */
export interface ReferenceTargets {
  /** The new text of `Reference.reference`; the text itself where nothing has to change. */
  reference(text: string): string;
  /** The same for a URI of another kind, which names its target by `fullUrl` only. */
  link(text: string): string;
}

/** Elements of type uri, url, uuid and oid that may name a resource, by their names; canonicals stay. */
const LINK = /^(?:url|uri|[A-Za-z]+(?:Uri|Url|Uuid|Oid))$/;
const NARRATIVE_LINK = /(\s(?:href|src)\s*=\s*)(?:"([^"]*)"|'([^']*)')/g;

/**
 * A copy of a resource or patch document with its references rewritten (FHIR R4, RESTful API
 * §3.1.0.11.2): `reference`, other elements that hold a URI, and the links and images of the narrative.
 * A resource's own canonical `url` and those of extensions say what something is, and stay, as canonicals do.
 */
export function rewriteReferences(value: ExactJson, targets: ReferenceTargets): ExactJson {
  if (isExactObject(value)) return rewrittenObject(value, targets, true);
  return Array.isArray(value) ? value.map((item) => rewritten('', item, targets)) : value;
}

function rewrittenObject(
  object: ExactObject,
  targets: ReferenceTargets,
  isResource: boolean,
): ExactObject {
  const hasIdentity = isResource || isExtension(object);
  return Object.fromEntries(
    Object.entries(object).map(([key, member]) => {
      const isIdentity = key === 'url' && hasIdentity;
      return [key, isIdentity ? member : rewritten(key, member, targets)];
    }),
  );
}

function rewritten(key: string, value: ExactJson, targets: ReferenceTargets): ExactJson {
  if (typeof value === 'string') return rewrittenText(key, value, targets);
  if (Array.isArray(value)) return value.map((item) => rewritten(key, item, targets));
  if (!isExactObject(value)) return value;
  return rewrittenObject(value, targets, Object.hasOwn(value, 'resourceType'));
}

function rewrittenText(key: string, text: string, targets: ReferenceTargets): string {
  if (key === 'reference') return targets.reference(text);
  if (key === 'div') return rewrittenNarrative(text, targets);
  return LINK.test(key) ? targets.link(text) : text;
}

function rewrittenNarrative(div: string, targets: ReferenceTargets): string {
  return div.replace(NARRATIVE_LINK, (whole, before: string, double?: string, single?: string) => {
    const link = double ?? single ?? '';
    const target = targets.link(link);
    return target === link ? whole : `${before}"${target}"`;
  });
}

/** An extension has a `url` and, beside it, a value or further extensions. */
function isExtension(object: ExactObject): boolean {
  return Object.keys(object).some((key) => key.startsWith('value') || key === 'extension');
}
