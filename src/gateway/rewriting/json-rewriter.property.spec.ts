import fc from 'fast-check';
import { chunked, escaped } from '../../../test/support/chunked-json.js';
import { BUNDLE, RESPONSE_BUNDLE, type Place } from './bundle-places.js';
import { JsonRewriter } from './json-rewriter.js';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const NAMES = [
  ...['link', 'url', 'entry', 'fullUrl', 'response', 'location', 'resource', 'type', 'é"\\', ''],
];
const text = fc.oneof(fc.constantFrom('http://up/fhir/Patient/1', '\\', '"}', '𝄞'), fc.string());
const scalar = fc.oneof(text, fc.boolean(), fc.double({ noNaN: true }), fc.constant(null));
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    scalar,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('json'), { maxKeys: 6, noNullPrototype: true }),
  ),
})) as { json: fc.Arbitrary<Json> };
const bundle = fc.dictionary(fc.constantFrom(...NAMES), json, { noNullPrototype: true });

const rewrite = (kind: string, url: string): string => `${kind}<${url}>`;

/** The same on parsed JSON: what is obviously right, and slow. */
function expected(value: Json, place: Place | undefined): Json {
  if (typeof value === 'string')
    return place?.link === undefined ? value : rewrite(place.link, value);
  if (Array.isArray(value)) return value.map((item) => expected(item, place?.items));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  return Object.fromEntries(
    members.map(([name, member]) => [name, expected(member, place?.members?.get(name))]),
  );
}

function rewritten(chunks: readonly Buffer[], place: Place): string {
  const rewriter = new JsonRewriter(place, rewrite);
  const written = chunks.map((chunk) => Buffer.from(rewriter.write(chunk)));
  rewriter.end();
  return Buffer.concat(written).toString();
}

describe.each([
  ['a Bundle', BUNDLE],
  ['the answer to a Bundle', RESPONSE_BUNDLE],
])('rewriting %s', (_name, place) => {
  const sizes = fc.array(fc.nat(12), { maxLength: 60 });

  it('does what rewriting the parsed JSON does, wherever the chunks end', () => {
    fc.assert(
      fc.property(bundle, sizes, fc.nat(2), fc.boolean(), (value, cuts, indent, isEscaped) => {
        const plain = JSON.stringify(value, undefined, indent);
        const bytes = Buffer.from(isEscaped ? escaped(plain) : plain);

        const result = rewritten(chunked(bytes, cuts), place);

        expect(JSON.parse(result)).toEqual(JSON.parse(JSON.stringify(expected(value, place))));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves every byte where nothing is rewritten', () => {
    fc.assert(
      fc.property(bundle, sizes, fc.nat(2), (value, cuts, indent) => {
        const bytes = Buffer.from(JSON.stringify(value, undefined, indent));
        const rewriter = new JsonRewriter(
          { members: new Map([['nowhere', { link: 'page' }]]) },
          rewrite,
        );

        const written = chunked(bytes, cuts).map((chunk) => Buffer.from(rewriter.write(chunk)));

        rewriter.end();
        expect(Buffer.concat(written).equals(bytes)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('notices wherever the text breaks off', () => {
    fc.assert(
      fc.property(bundle, fc.nat(), (value, at) => {
        const bytes = Buffer.from(JSON.stringify(value));
        const part = bytes.subarray(0, at % bytes.length);

        expect(() => rewritten([part], place)).toThrow('cannot be read');
      }),
      { numRuns: 300 },
    );
  });
});
