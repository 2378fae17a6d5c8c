import fc from 'fast-check';
import { chunked, escaped } from '../../../test/support/chunked-json.js';
import { BUNDLE } from '../rewriting/bundle-places.js';
import { JsonRewriter } from '../rewriting/json-rewriter.js';
import { checkOf } from './check-of.js';
import type { ExpectedBundle } from './expected-answer.js';
import type { SelfLinkTrust } from './self-link.js';

/** JSON whose objects may name a member twice. */
type Node = null | number | string | readonly Node[] | Members;
interface Members {
  readonly members: readonly (readonly [string, Node])[];
}

const EXPECTED: Readonly<Record<string, ExpectedBundle>> = {
  search: {
    kind: 'searchset',
    types: ['Observation'],
    included: ['Patient'],
    criteria: { pairs: [['code', 'x']] },
  },
  'search without criteria': { kind: 'searchset', types: ['Observation'], criteria: { pairs: [] } },
  'history of a type': { kind: 'history', types: ['Observation'] },
  'history of a resource': { kind: 'history', types: ['Observation'], id: '1' },
};
const TRUSTS: readonly SelfLinkTrust[] = ['required', 'checked', 'ignored'];
const SELF = 'http://up/fhir/Observation?code=x';

const members = (...options: fc.Arbitrary<readonly [string, Node]>[]): fc.Arbitrary<Members> =>
  fc
    .tuple(
      ...options.map((option) =>
        fc.oneof(
          { weight: 60, arbitrary: option.map((one) => [one]) },
          { weight: 1, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.tuple(option, option) },
        ),
      ),
    )
    .chain((all) => {
      const flat: (readonly [string, Node])[] = all.flat();
      return fc.shuffledSubarray(flat, { minLength: flat.length });
    })
    .map((shuffled) => ({ members: shuffled }));
const seldom = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 80, arbitrary: usual }, { weight: 1, arbitrary: odd });
const member = (name: string, value: fc.Arbitrary<Node>) =>
  seldom(value, fc.constantFrom<Node>(null, 1, 'odd', ['odd'], { members: [] })).map(
    (one) => [name, one] as const,
  );
const optional = (option: fc.Arbitrary<readonly [string, Node]>) =>
  fc.oneof(option, fc.constant(['x', 1] as const));
const text = (usual: readonly string[], odd: readonly string[]): fc.Arbitrary<Node> =>
  seldom<Node>(fc.constantFrom(...usual), fc.constantFrom(...odd));

/** What is nobody's business: names of places among data. */
const data = fc.constantFrom<Node>('marker', { members: [['resourceType', 'Device']] }, [
  { members: [['entry', [{ members: [['resource', 'marker']] }]]] },
]);
const resource = members(
  member(
    'resourceType',
    text(['Observation', 'Patient', 'OperationOutcome'], ['Device', 'Bundle']),
  ),
  member('id', text(['1'], ['2'])),
  member('text', fc.constant('marker')),
  member('contained', data),
);
const outcome = members(
  member('resourceType', text(['OperationOutcome'], ['Observation'])),
  member('issue', data),
);
const entry = members(
  member('fullUrl', fc.constant('http://up/fhir/Observation/1')),
  member('resource', resource),
  optional(member('search', members(member('mode', text(['match', 'include'], ['outcome', 'x']))))),
  optional(member('response', members(optional(member('outcome', outcome))))),
);
const link = members(
  member('relation', text(['self', 'next'], ['x'])),
  member('url', text([SELF], ['http://up/fhir/Observation', '?code=', '?code=x&code=x#y'])),
);
const bundle = members(
  member('resourceType', text(['Bundle'], ['Observation'])),
  member('type', text(['searchset', 'history'], ['batch'])),
  member('link', fc.array(link, { maxLength: 2 })),
  member('entry', fc.array(entry, { maxLength: 3 })),
  member('meta', data),
);

function jsonOf(node: Node): string {
  if (isMembers(node)) {
    const all = node.members.map(([name, value]) => `${JSON.stringify(name)}:${jsonOf(value)}`);
    return `{${all.join(',')}}`;
  }
  return Array.isArray(node)
    ? `[${(node as readonly Node[]).map(jsonOf).join(', ')}]`
    : JSON.stringify(node);
}

function isMembers(node: Node | undefined): node is Members {
  return typeof node === 'object' && node !== null && 'members' in node;
}

const all = (node: Members, name: string) =>
  node.members.filter(([key]) => key === name).map(([, value]) => value);
const textIn = (node: Members, name: string): string | undefined => {
  const [value] = all(node, name);
  return typeof value === 'string' ? value : undefined;
};
/** Whether a member is there once at most, and of a kind. */
const isSound = (node: Members, name: string, isOfKind: (value: Node) => boolean) =>
  all(node, name).length <= 1 &&
  all(node, name).every((value) => value === null || isOfKind(value));
const isText = (value: Node) => typeof value === 'string';
const areSound = (node: Members, names: readonly string[], isOfKind: (value: Node) => boolean) =>
  names.every((name) => isSound(node, name, isOfKind));
const itemsOf = (node: Members, name: string) => [all(node, name)[0] ?? []].flat<Node[]>();
const areObjects = (nodes: readonly Node[]): nodes is (Members | null)[] =>
  nodes.every((node) => node === null || isMembers(node));
const present = (nodes: readonly (Members | null)[]) => nodes.filter((node) => node !== null);

/** The same on the whole Bundle: what is obviously right, and holds all of it. */
function isExpected(node: Members, expected: ExpectedBundle, trust: SelfLinkTrust): boolean {
  const links = itemsOf(node, 'link');
  const entries = itemsOf(node, 'entry');
  if (!areSound(node, ['resourceType', 'id', 'type'], isText)) return false;
  if (!areSound(node, ['link', 'entry'], Array.isArray)) return false;
  if (textIn(node, 'resourceType') !== 'Bundle') return false;
  if (textIn(node, 'type') !== expected.kind) return false;
  if (!areObjects(links) || !areObjects(entries)) return false;
  if (!present(links).every((one) => areSound(one, ['relation', 'url'], isText))) return false;
  if (!isSearched(present(links), expected, trust)) return false;
  return present(entries).every((one) => isExpectedEntry(one, expected));
}

function isSearched(
  links: readonly Members[],
  { criteria }: ExpectedBundle,
  trust: SelfLinkTrust,
): boolean {
  if (trust === 'ignored' || !criteria || criteria.pairs.length === 0) return true;
  const selfs = links
    .filter((one) => textIn(one, 'relation') === 'self')
    .flatMap((one) => textIn(one, 'url') ?? []);
  if (trust === 'required' && selfs.length === 0) return false;
  const saysSo = (url: string) => url.includes('code=x');
  const saysNothing = (url: string) => !url.includes('=') || url.endsWith('=');
  return selfs.every((url) => saysSo(url) || (trust === 'checked' && saysNothing(url)));
}

function isExpectedEntry(node: Members, expected: ExpectedBundle): boolean {
  if (!areSound(node, ['search', 'resource', 'response'], isMembers)) return false;
  const [search] = all(node, 'search');
  const [content] = all(node, 'resource');
  const [response] = all(node, 'response');
  if (isMembers(search) && !isSound(search, 'mode', isText)) return false;
  if (isMembers(response) && !isExpectedResponse(response)) return false;
  if (!isMembers(content)) return expected.kind === 'history';
  return isExpectedContent(
    content,
    isMembers(search) ? textIn(search, 'mode') : undefined,
    expected,
  );
}

function isExpectedContent(
  content: Members,
  mode: string | undefined,
  { id, types, included = [] }: ExpectedBundle,
): boolean {
  const type = textIn(content, 'resourceType');
  if (!areSound(content, ['resourceType', 'id'], isText) || type === undefined) return false;
  if (id !== undefined && type !== 'OperationOutcome' && textIn(content, 'id') !== id) return false;
  const allowed: Record<string, readonly string[]> = {
    none: ['OperationOutcome', ...types, ...included],
    match: types,
    include: [...types, ...included],
    outcome: ['OperationOutcome'],
  };
  return (allowed[mode ?? 'none'] ?? []).includes(type);
}

function isExpectedResponse(response: Members): boolean {
  if (!isSound(response, 'outcome', isMembers)) return false;
  const [content] = all(response, 'outcome');
  if (!isMembers(content)) return true;
  return (
    isSound(content, 'resourceType', isText) &&
    textIn(content, 'resourceType') === 'OperationOutcome'
  );
}

/** What came out before the answer ended, and whether it ended well. */
function passed(chunks: readonly Buffer[], expected: ExpectedBundle, trust: SelfLinkTrust) {
  const rewriter = new JsonRewriter(BUNDLE, (_kind, url) => url, checkOf(expected, trust));
  let out = '';
  try {
    for (const chunk of chunks) out += rewriter.write(chunk).toString('latin1');
    rewriter.end();
    return { out, isWhole: true };
  } catch {
    return { out, isWhole: false };
  }
}

describe.each(Object.entries(EXPECTED))('the answer to a %s', (_name, expected) => {
  const sizes = fc.array(fc.nat(40), { maxLength: 60 });
  const trusts = fc.constantFrom(...TRUSTS);

  it('passes if and only if the whole of it is what was asked for, wherever chunks end', () => {
    fc.assert(
      fc.property(bundle, sizes, trusts, fc.boolean(), (node, cuts, trust, isEscaped) => {
        const plain = jsonOf(node);
        const json = isEscaped ? escaped(plain) : plain;

        const { out, isWhole } = passed(chunked(Buffer.from(json), cuts), expected, trust);

        expect(isWhole).toBe(isExpected(node, expected, trust));
        if (isWhole && !isEscaped) expect(out).toBe(json);
      }),
      { numRuns: 1500 },
    );
  });

  it('keeps a resource until it is known to be one of those that were decided on', () => {
    const foreign = fc.constantFrom('Device', 'Bundle', 'Practitioner');
    fc.assert(
      fc.property(entry, foreign, sizes, trusts, (good, type, cuts, trust) => {
        const secret: Members = {
          members: [
            ['secret', 'secret'],
            ['resourceType', type],
          ],
        };
        const node: Members = {
          members: [
            ['resourceType', 'Bundle'],
            ['type', expected.kind],
            [
              'link',
              [
                {
                  members: [
                    ['relation', 'self'],
                    ['url', SELF],
                  ],
                },
              ],
            ],
            ['entry', [good, { members: [['resource', secret]] }, good]],
          ],
        };

        const { out, isWhole } = passed(chunked(Buffer.from(jsonOf(node)), cuts), expected, trust);

        expect(isWhole).toBe(false);
        expect(out).not.toContain('secret');
      }),
      { numRuns: 300 },
    );
  });
});
