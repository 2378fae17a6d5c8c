import { BUNDLE, RESOURCE, RESPONSE_BUNDLE } from '../rewriting/bundle-places.js';
import { JsonRewriter } from '../rewriting/json-rewriter.js';
import { checkOf } from './check-of.js';
import type { ExpectedAnswer } from './expected-answer.js';
import { ResponseCheck } from './response-check.js';
import type { SelfLinkTrust } from './self-link.js';

const KIB = 1024;
const ALL = { kind: 'searchset', types: ['Patient'] } as const;
const SEARCH = { ...ALL, criteria: { pairs: [['name', 'x']] } } as const;
const READ = { kind: 'resource', type: 'Patient', id: 'p1' } as const;
const HEAD = '{"resourceType":"Bundle","type":"searchset",';
const LINK = '"link":[{"relation":"self","url":"http://up/Patient?name=x"}]';
const ENTRY = '{"resource":{"resourceType":"Patient","id":"p1"}}';
const filler = (kib: number): string => `"filler":"${'x'.repeat(kib * KIB)}",`;
const MIB_6 = 6 * KIB;

/** What comes out after each part; the message of what ends it last. */
function passing(
  parts: readonly string[],
  expected: ExpectedAnswer,
  trust: SelfLinkTrust = 'required',
): readonly string[] {
  const place = expected.kind === 'resource' ? RESOURCE : BUNDLE;
  const rewriter = new JsonRewriter(place, (_kind, url) => url, checkOf(expected, trust));
  const out: string[] = [];
  try {
    for (const part of parts) out.push(rewriter.write(Buffer.from(part)).toString());
    rewriter.end();
  } catch (error) {
    out.push((error as Error).message);
  }
  return out;
}

describe('an answer to a search', () => {
  it('goes as soon as it is known by what was searched', () => {
    expect(passing([HEAD, `${LINK},"entry":[`, `${ENTRY}]}`], SEARCH)).toEqual([
      '',
      `${HEAD}${LINK},"entry":[`,
      `${ENTRY}]}`,
    ]);
  });

  it('is kept where that comes last', () => {
    const parts = [`${HEAD}"entry":[${ENTRY}],`, `${LINK}}`];

    expect(passing(parts, SEARCH)).toEqual(['', parts.join('')]);
    expect(passing(parts, SEARCH, 'checked')).toEqual(['', parts.join('')]);
    expect(passing(parts, SEARCH, 'ignored')).toEqual(parts);
  });

  it('is kept as far as the largest resource takes, or goes after 1 MiB unless that is required', () => {
    const parts = [HEAD, filler(600), filler(600), `"entry":[${ENTRY}],`, `${LINK}}`];

    expect(passing(parts, SEARCH)).toEqual(['', '', '', '', parts.join('')]);
    expect(passing(parts, SEARCH, 'checked')).toEqual([
      ...['', ''],
      parts.slice(0, 3).join(''),
      ...parts.slice(3),
    ]);
  });

  it('ends where it would have to be kept beyond 24 MiB', () => {
    const page = (kib: number) => [HEAD, ...Array.from({ length: 4 }, () => filler(kib))];

    expect(passing([...page(MIB_6), `${LINK}}`], SEARCH)).toEqual([
      ...['', '', '', ''],
      expect.stringContaining('after more than 24 MiB, for which a lower _count'),
    ]);
    const shorter = [...page(MIB_6 - 1), `${LINK}}`];
    // Compared like this since a difference would take minutes to be shown.
    expect(passing(shorter, SEARCH).join('') === shorter.join('')).toBe(true);
    // At once, so that nothing went before.
    const large = [page(MIB_6).join(''), `${LINK}}`];
    expect(passing(large, SEARCH, 'checked').join('') === large.join('')).toBe(true);
  });

  it('ends late where it turns out late that a parameter was not used', () => {
    const self = LINK.replace('name=x', 'other=x');
    const parts = [HEAD, filler(1100), `"entry":[${ENTRY}],`, `${self}}`];

    expect(passing(parts, SEARCH, 'checked').slice(2)).toEqual([
      `"entry":[${ENTRY}],`,
      expect.stringContaining('did not search by name'),
    ]);
  });

  it('keeps an entry until its type is known, and ends where that takes more than 24 MiB', () => {
    const late = (kib: number) => [
      `${HEAD}"entry":[{"resource":{`,
      ...Array.from({ length: 4 }, () => filler(kib)),
      '"resourceType":"Patient"}}]}',
    ];
    const [first, ...others] = passing(late(MIB_6 - 1), ALL);

    expect(first).toBe(`${HEAD}"entry":[`);
    expect(others.slice(0, 4)).toEqual(['', '', '', '']);
    expect(`${first}${others.join('')}` === late(MIB_6 - 1).join('')).toBe(true);
    expect(passing(late(MIB_6), ALL)).toEqual([
      `${HEAD}"entry":[`,
      ...['', '', ''],
      expect.stringContaining('the type of a resource after more than 24 MiB'),
    ]);
  });

  it.each(['null[]}', 'null""}', 'null{}}', 'nu ll}'])(
    'hides nothing behind a word: %s',
    (value) => {
      const bad = `${HEAD}${LINK},"entry":${value}`;

      expect(passing([bad], SEARCH)).toEqual([expect.stringMatching(/no JSON/)]);
      expect(passing([`${HEAD}${LINK},"entry":null}`], SEARCH)).toHaveLength(1);
    },
  );

  it('keeps an entry no less where it is not known yet by what was searched', () => {
    const parts = [HEAD, filler(1000), '"entry":[{"resource":{', filler(100), filler(1000)];

    expect(passing(parts, SEARCH, 'checked').slice(0, 5)).toEqual(['', '', '', '', '']);
    expect(passing([...parts, '"resourceType":"Patient"}}]}'], SEARCH, 'checked')).toHaveLength(6);
  });
});

describe('an answer with one resource', () => {
  it.each([
    ['type and id come first', ['{"resourceType":"Patient","id":"p1",', '"x":1}'], true],
    ['they come last', ['{"x":1,"id":"p1",', '"resourceType":"Patient"}'], true],
    ['it is an OperationOutcome', ['{"resourceType":"OperationOutcome",', '"x":1}'], true],
    ['the type is another', ['{"id":"p1","x":1,', '"resourceType":"Person"}'], false],
    ['the id is another', ['{"resourceType":"Patient","x":1,', '"id":"p2"}'], false],
    ['the type is not there', ['{"id":"p1","x":1,', '"y":2}'], false],
    ['the id is not there', ['{"resourceType":"Patient","x":1,', '"y":2}'], false],
    ['the type is no text', ['{"id":"p1","x":1,', '"resourceType":["Patient"]}'], false],
  ])('goes where it was asked for: %s', (_name, parts, isExpected) => {
    const out = passing(parts, READ);

    if (isExpected) expect(out.join('')).toBe(parts.join(''));
    else expect(out).toEqual(['', expect.stringContaining('another resource')]);
  });

  it('is not believed where it names its type or id twice', () => {
    const twice = '{"resourceType":"Patient","id":"p1","id":"p1"}';

    expect(passing([twice], READ)).toEqual([expect.stringContaining('another resource')]);
    expect(passing([twice.replaceAll('"id":"p1"', '"resourceType":"Patient"')], READ)).toEqual([
      expect.stringContaining('another resource'),
    ]);
  });

  it('is nothing at all only where it was deleted', () => {
    const deleted = { ...READ, isDeletion: true };

    expect(passing(['{ ', '}'], deleted)).toEqual(['', '{ }']);
    for (const refused of [
      passing(['{}'], READ),
      passing(['{"x":1}'], deleted),
      passing(['{"id":"p1"}'], deleted),
      passing(['{"resourceType":"Person"}'], deleted),
    ]) {
      expect(refused).toEqual([expect.stringContaining('another resource')]);
    }
  });

  it('may have any id where the upstream chooses it', () => {
    const created = { kind: 'resource', type: 'Patient' } as const;
    const text = '{"resourceType":"Patient","id":"p9"}';

    expect(passing([text], created)).toEqual([text]);
    expect(passing(['{"resourceType":"Person","id":"p9"}'], created)).toHaveLength(1);
  });

  it('goes beyond 1 MiB, and ends late where it is another', () => {
    const parts = ['{', filler(1100), '"id":"p1",', '"resourceType":"Person"}'];

    expect(passing(parts, READ)).toEqual([
      '',
      parts.slice(0, 2).join(''),
      '"id":"p1",',
      expect.stringContaining('another resource'),
    ]);
  });
});

describe('an answer to a Bundle', () => {
  const answered = (entries: string, expected: readonly ExpectedAnswer[]): string => {
    let at = -1;
    const check = new ResponseCheck(() => {
      at += 1;
      return expected[at] ?? READ;
    }, 'required');
    const rewriter = new JsonRewriter(RESPONSE_BUNDLE, (_kind, url) => url, check);
    const text = `{"resourceType":"Bundle","type":"batch-response","entry":${entries}}`;
    const out = rewriter.write(Buffer.from(text)).toString();
    rewriter.end();
    return out;
  };
  const searched = (self: string) =>
    `{"resource":${HEAD}${LINK.replace('name=x', self)},"entry":[${ENTRY}]}}`;

  it('has the answer to each of its entries, each as that would be by itself', () => {
    const own = '{"resource":{"resourceType":"Patient","id":"p1","link":[{"type":"seealso"}]}}';
    const entries = `[${own},{"response":{"status":"204"}},${searched('name=x')}]`;

    expect(answered(entries, [READ, SEARCH])).toContain(entries);
    expect(() => answered(entries, [SEARCH, SEARCH])).toThrow('Bundle of type searchset');
    expect(() => answered(entries, [READ, READ])).toThrow('another resource');
    expect(() => answered(entries.replace('name=x', 'a=b'), [READ, SEARCH])).toThrow('by name');
  });

  it('may have a search refused where that is so', () => {
    const refused = { ...SEARCH, orOutcome: true };
    const outcome = '{"resourceType":"OperationOutcome","id":"x","issue":[]}';
    const entries = (resource: string) => `[{"resource":${resource}}]`;

    expect(answered(entries(outcome), [refused])).toContain(outcome);
    expect(answered(`[${searched('name=x')}]`, [refused])).toContain(ENTRY);
    expect(() => answered(entries(outcome), [SEARCH])).toThrow('Bundle of type searchset');
    for (const more of ['"type":"searchset"', `"entry":[${ENTRY}]`, LINK]) {
      const both = entries(`{${more},"resourceType":"OperationOutcome"}`);
      expect(() => answered(both, [refused])).toThrow('Bundle of type searchset');
    }
    expect(() => answered(entries('{"resourceType":"Patient"}'), [refused])).toThrow('searchset');
    expect(() => answered(entries('{"issue":[]}'), [refused])).toThrow('searchset');
  });

  it('may have resources whose elements are called like those of Bundles', () => {
    const encounter = '{"resourceType":"Encounter","id":"e1","type":[{}],"entry":{},"link":1}';
    const expected = { kind: 'resource', type: 'Encounter', id: 'e1' } as const;

    expect(answered(`[{"resource":${encounter}}]`, [expected])).toContain(encounter);
  });

  it.each(['{}', '"x"', '["x"]', '[[]]', '[{"resource":[]}]', '[{"resource":"x"}]'])(
    'is not read where entries are %s',
    (entries) => {
      expect(() => answered(entries, [READ])).toThrow('entry that was not asked for');
    },
  );

  it('has one resource for each entry', () => {
    const own = '"resource":{"resourceType":"Patient","id":"p1"}';

    expect(() => answered(`[{${own},${own}}]`, [READ])).toThrow('entry that was not asked for');
  });
});
