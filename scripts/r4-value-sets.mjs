/** Systems that R4 does not define; the codes of a value set over all of one are not listed. */
const EXTERNAL = new Set([
  'urn:ietf:bcp:13',
  'urn:ietf:bcp:47',
  'urn:iso:std:iso:4217',
  'http://unitsofmeasure.org',
]);

/**
 * The codes of value sets by system, in the order of the URLs.
 *
 * @throws Error for a filter; those that R4 requires for its own elements have none.
 */
export function expandedValueSets(urls, terminology) {
  const byUrl = (type) =>
    new Map(
      terminology
        .filter(({ resourceType }) => resourceType === type)
        .map((each) => [each.url, each]),
    );
  const valueSets = byUrl('ValueSet');
  const codeSystems = byUrl('CodeSystem');
  return urls.flatMap((url) => {
    const valueSet = valueSets.get(url);
    if (!valueSet) return [];
    const includes = valueSet.compose.include;
    if (includes.some(({ system, concept }) => EXTERNAL.has(system) && !concept)) {
      return [{ url, external: includes[0].system }];
    }
    const systems = {};
    for (const include of includes) {
      const codes = codesOf(include, codeSystems, url);
      systems[include.system] = [...(systems[include.system] ?? []), ...codes];
    }
    return [{ url, systems }];
  });
}

function codesOf({ system, concept, filter, valueSet }, codeSystems, url) {
  if (filter || valueSet) throw new Error(`${url} is not a plain list of codes`);
  const concepts = concept ?? codeSystems.get(system)?.concept;
  if (!concepts) throw new Error(`${url} takes codes of ${system}, which is not there`);
  return concepts.flatMap(nested);
}

function nested({ code, concept = [] }) {
  return [code, ...concept.flatMap(nested)];
}
