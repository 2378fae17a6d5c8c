import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseXml, resourceOf, type XmlElement } from '../../../test/support/fhir-xml.js';
import { FhirError } from '../../errors/fhir-error.js';
import { parseExact, stringifyExact } from '../../interactions/formats/exact-json.js';
import { bodyOf, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { R4Definitions } from '../definitions/r4-definitions.js';
import { Shapes } from '../validation/shapes.js';
import { applyPathPatch } from './apply-path-patch.js';

/** Not part of this repository: the cases that HL7 publishes for FHIRPath Patch. */
const FILE = join(
  process.env['WARDGATE_TEST_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data'),
  'fhir-test-cases/r4/patch/fhir-patch-tests.xml',
);
const describeWhereData = existsSync(FILE) ? describe : describe.skip;

const shapes = new Shapes(new R4Definitions());
const shapeOf = (type: string) => shapes.find(type);

describeWhereData('published cases (skipped where ../shared/data is absent)', () => {
  const cases = existsSync(FILE) ? parseXml(readFileSync(FILE, 'utf8')).children : [];
  const named = cases.map((each) => [each.attributes['name'] ?? '', each] as const);

  it('are all there', () => {
    expect(cases).toHaveLength(33);
    expect(cases.filter((each) => child(each, 'error'))).toHaveLength(1);
  });

  it.each(named)('%s', (_name, each) => {
    const [input, diff] = ['input', 'diff'].map((part) => resourceIn(each, part));
    const patched = (): Json => {
      const result = applyPathPatch(bodyOf(input ?? {}), parseExact(JSON.stringify(diff)), shapeOf);
      return JSON.parse(stringifyExact(result)) as Json;
    };

    if (child(each, 'error')) expect(patched).toThrow(FhirError);
    else expect(patched()).toEqual(resourceIn(each, 'output'));
  });
});

function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((each) => each.name === name);
}

function resourceIn(element: XmlElement, name: string): JsonObject | undefined {
  const [resource] = child(element, name)?.children ?? [];
  return resource && resourceOf(resource, shapeOf);
}
