import fc from 'fast-check';
import { AnswerUnreadable } from '../rewriting/answer-unreadable.js';
import { FileLines } from './file-lines.js';
import { RemovalsLine } from './removals-line.js';
import { MAX_HELD_BYTES, ResourceLine } from './resource-line.js';

const patients = () => new FileLines(() => new ResourceLine('Patient'));

/** What comes of a file in chunks that end at the given places. */
function passed(lines: FileLines, text: string, borders: readonly number[] = []): string {
  const bytes = Buffer.from(text);
  const ends = [...borders.map((at) => at % (bytes.length + 1)), bytes.length];
  let from = 0;
  const parts: Buffer[] = [];
  for (const end of ends.sort((one, other) => one - other)) {
    const chunk = Buffer.from(bytes.subarray(from, end));
    parts.push(lines.write(chunk));
    // As a buffer that is used for the next chunk.
    chunk.fill(0x58);
    from = end;
  }
  return Buffer.concat([...parts.map((part) => Buffer.from(part)), lines.end()]).toString();
}

describe('a file of resources', () => {
  it('passes as it is, but for blank lines, and ends with a line', () => {
    const text = '{"resourceType":"Patient"}\r\n\n  \n{"a":[{}],"resourceType":"Patient"}';

    expect(passed(patients(), text)).toBe(
      '{"resourceType":"Patient"}\r\n{"a":[{}],"resourceType":"Patient"}\n',
    );
    expect(passed(patients(), '')).toBe('');
  });

  it.each([
    ['another type', '{"resourceType":"Group"}'],
    ['another type beside', '{"resourceType":"Patient","resourceType":"Group"}'],
    ['another type in escapes', '{"resourceType":"Patient","resource\\u0054ype":"Group"}'],
    ['a type that is no text', '{"resourceType":["Patient"]}'],
    ['a type further down', '{"contained":[{"resourceType":"Patient"}]}'],
    ['no object', '"Patient"'],
    ['two resources', '{"resourceType":"Patient"}{"resourceType":"Patient"}'],
    ['half a resource', '{"resourceType":"Patient"'],
    ['a byte order mark', '\ufeff{"resourceType":"Patient"}'],
  ])('ends at %s', (_, line) => {
    expect(() => passed(patients(), `{"resourceType":"Patient"}\n${line}\n`)).toThrow(
      AnswerUnreadable,
    );
  });

  it('holds nothing of a line whose type is known, and no more than 4 MiB of any other', () => {
    const long = `"text":"${'x'.repeat(MAX_HELD_BYTES)}"`;

    expect(passed(patients(), `{"resourceType":"Patient",${long}}`, [30])).toContain('xxx');
    const late = `{${long},"resourceType":"Patient"}`;
    expect(() => passed(patients(), late, [MAX_HELD_BYTES + 10])).toThrow(AnswerUnreadable);
  });

  it('lets nothing of a resource go before its type is known', () => {
    const lines = patients();

    expect(lines.write(Buffer.from('{"id":"secret",')).toString()).toBe('');
    expect(() => lines.write(Buffer.from('"resourceType":"Group"}'))).toThrow(AnswerUnreadable);
  });

  it('passes exactly what a reader of whole lines would pass, wherever chunks end', () => {
    const member = fc.tuple(fc.string(), fc.jsonValue({ maxDepth: 2 }));
    const resource = fc
      .tuple(fc.array(member, { maxLength: 3 }), fc.constantFrom('Patient', 'Patient', 'Group'))
      .map(([members, type]) => ({ ...Object.fromEntries(members), resourceType: type }));
    const file = fc.array(resource, { maxLength: 4 });
    fc.assert(
      fc.property(file, fc.array(fc.nat(), { maxLength: 8 }), (resources, borders) => {
        const text = resources.map((each) => `${JSON.stringify(each)}\n`).join('');
        if (resources.every(({ resourceType }) => resourceType === 'Patient')) {
          expect(passed(patients(), text, borders)).toBe(text);
        } else {
          expect(() => passed(patients(), text, borders)).toThrow(AnswerUnreadable);
        }
      }),
    );
  });
});

describe('a file of what is gone', () => {
  const removals = () =>
    new FileLines(
      () => new RemovalsLine(new Set(['Patient']), (url) => url.replace('http://x/fhir/', '')),
    );
  const bundle = (entry: unknown) => JSON.stringify({ resourceType: 'Bundle', entry });
  const gone = (url: string) => ({ request: { method: 'DELETE', url } });

  it('names what is of the types that were decided on', () => {
    const given = [gone('Patient/a'), gone('Group/b'), gone('http://x/fhir/Patient/c')];
    const entry = [gone('Patient/a'), gone('Patient/c')];

    expect(passed(removals(), bundle(given), [3, 40, 41])).toBe(
      `${JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry })}\n`,
    );
  });

  it.each([
    ['no JSON', '{"resourceType":"Bundle","entry":[}'],
    ['another resource', '{"resourceType":"Patient","entry":[]}'],
    ['no entries', '{"resourceType":"Bundle"}'],
    ['an update', bundle([{ request: { method: 'PUT', url: 'Patient/a' } }])],
    ['a search', bundle([gone('Patient?name=x')])],
    ['a resource elsewhere', bundle([gone('http://elsewhere/Patient/a')])],
    ['an entry without request', bundle([{ resource: { resourceType: 'Patient' } }])],
    ['a line that is too long', bundle([gone(`Patient/${'a'.repeat(MAX_HELD_BYTES)}`)])],
  ])('ends at %s', (_, line) => {
    expect(() => passed(removals(), line)).toThrow(AnswerUnreadable);
  });
});
