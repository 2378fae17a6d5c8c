import fc from 'fast-check';
import { DEFAULT_BODY_LIMITS } from './body-limits.js';
import { parseResourceBody } from './parse-body.js';
import { renderBody, renderYaml } from './render-body.js';

function readYaml(yaml: string) {
  return parseResourceBody(new TextEncoder().encode(yaml), 'text/yaml', DEFAULT_BODY_LIMITS);
}

describe('renderBody', () => {
  it('passes JSON through byte for byte', () => {
    expect(renderBody('{ "a" : 1.10 }', 'application/json')).toBe('{ "a" : 1.10 }');
    expect(renderBody('{ "a" : 1.10 }', 'application/fhir+json')).toBe('{ "a" : 1.10 }');
  });

  it('keeps decimals as they were written in YAML', () => {
    const numbers = '{"a":1.10,"b":[100,12345678901234567890,1.0e-245]}';

    const yaml = renderBody(numbers, 'text/yaml');

    expect(yaml).toBe('a: 1.10\nb:\n  - 100\n  - 12345678901234567890\n  - 1.0e-245\n');
    expect(readYaml(yaml)?.text).toBe(numbers);
  });

  it('quotes what another reader of YAML would take for something else', () => {
    expect(renderBody('["no","on","1.0","// a"]', 'text/yaml')).toBe(
      '- "no"\n- "on"\n- "1.0"\n- "// a"\n',
    );
  });

  it('writes neither aliases nor folded lines', () => {
    const line = 'word '.repeat(60).trim();
    const yaml = renderBody(JSON.stringify([{ a: line }, { a: line }]), 'text/yaml');

    expect(yaml).toBe(`- a: ${line}\n- a: ${line}\n`);
  });

  it.each([{ '//a': 1 }, { a: 'x\n// y\n' }, { a: ['// x', { '// b': ' // c\n\n// d' }] }])(
    'reads back slashes in %j',
    (value) => {
      expect(readYaml(renderBody(JSON.stringify(value), 'text/yaml'))?.value).toEqual(value);
    },
  );

  it('leaves JSON as it is where it is long', () => {
    const jsonOf = (length: number) => `["${'x'.repeat(length - 4)}"]`;

    expect(renderBody(jsonOf(131_072), 'text/yaml')).toMatch(/^- x+\n$/);
    expect(renderBody(jsonOf(131_073), 'text/yaml')).toBe(jsonOf(131_073));
    expect(renderYaml(jsonOf(131_073))).toMatch(/^- x+\n$/);
  });

  it.each([
    ['many values', (count: number) => `["]",${Array(count).fill('1').join()}]`],
    ['many objects', (count: number) => `[${Array(count).fill('{"a":"\\\\"}').join()}]`],
    ['a text of many lines', (count: number) => `"\\"[${'a\\n'.repeat(count)}"`],
  ])('leaves JSON as it is where YAML would be far to the right: %s', (_name, made) => {
    const at = (depth: number, count: number) =>
      `${'{"a":'.repeat(depth)}${made(count)}${'}'.repeat(depth)}`;

    for (const [depth, count] of [
      [2, 5000],
      [90, 50],
    ] as const) {
      expect(renderBody(at(depth, count), 'text/yaml')).toMatch(/^a:/);
    }
    expect(renderBody(at(90, 5000), 'text/yaml')).toBe(at(90, 5000));
    expect(renderBody('['.repeat(100_000), 'text/yaml')).toBe('['.repeat(100_000));
  });

  it('reads back as the same resource, whatever it holds', () => {
    const piece = fc.constantFrom('//', '"', "'", '|', '>', '\n', ': ', '- ', '#', 'a', ' ', '\\');
    const string = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    const key = string.filter((name) => name !== '__proto__');
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        string,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        tie('list'),
        tie('map'),
      ),
      list: fc.array(tie('value'), { maxLength: 4 }),
      map: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(json.value, (value) => {
        const text = JSON.stringify({ value });

        expect(readYaml(renderBody(text, 'text/yaml'))?.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });
});
