import { parseExact, stringifyExact } from '../formats/exact-json.js';
import { rewriteReferences, type ReferenceTargets } from './rewrite-references.js';

const TARGETS: ReferenceTargets = {
  reference: (text) => (text === 'urn:a' || text === 'Patient?x=1' ? 'Patient/1' : text),
  link: (text) => (text === 'urn:a' ? 'Patient/1' : text),
};
const rewrite = (value: unknown): unknown =>
  JSON.parse(stringifyExact(rewriteReferences(parseExact(JSON.stringify(value)), TARGETS)));

describe('rewriteReferences', () => {
  it.each([
    ['a reference', { subject: { reference: 'urn:a' } }, { subject: { reference: 'Patient/1' } }],
    ['one by criteria', { a: [{ reference: 'Patient?x=1' }] }, { a: [{ reference: 'Patient/1' }] }],
    ['a url', { content: { url: 'urn:a' } }, { content: { url: 'Patient/1' } }],
    ['a uri of an extension', { e: { valueUri: 'urn:a' } }, { e: { valueUri: 'Patient/1' } }],
    ['a patch', [{ value: { reference: 'urn:a' } }], [{ value: { reference: 'Patient/1' } }]],
    ['a link in the narrative', { div: "<a href='urn:a'>" }, { div: '<a href="Patient/1">' }],
    ['an image', { div: '<img alt="" src="urn:a"/>' }, { div: '<img alt="" src="Patient/1"/>' }],
  ])('rewrites %s', (_what, value, expected) => {
    expect(rewrite(value)).toEqual(expected);
  });

  it.each([
    ['a reference to elsewhere', { subject: { reference: 'urn:b' } }],
    ['a string', { identifier: [{ value: 'urn:a' }], display: 'urn:a', valueString: 'urn:a' }],
    ["the resource's own url", { resourceType: 'ValueSet', url: 'urn:a' }],
    [
      'the url of a contained resource',
      { contained: [{ resourceType: 'ValueSet', url: 'urn:a' }] },
    ],
    ['the url of an extension', { extension: [{ url: 'urn:a', valueCode: 'x' }] }],
    ['a canonical', { instantiatesCanonical: ['urn:a'], valueCanonical: 'urn:a' }],
    ['criteria that are no reference', { valueUri: 'Patient?x=1' }],
    ['text in the narrative', { div: '<p>urn:a</p>' }],
  ])('leaves %s', (_what, value) => {
    expect(rewrite(value)).toEqual(value);
  });

  it('keeps the digits of numbers', () => {
    const text = '{"value":1.500,"subject":{"reference":"urn:a"}}';

    expect(stringifyExact(rewriteReferences(parseExact(text), TARGETS))).toBe(
      '{"value":1.500,"subject":{"reference":"Patient/1"}}',
    );
  });
});
