import { readFileSync } from 'node:fs';
import { FhirError } from '../../errors/fhir-error.js';
import { DEFAULT_BODY_LIMITS, type BodyLimits } from './body-limits.js';
import type { Json } from './json.js';
import { parseResourceBody, parseResourceDocuments } from './parse-body.js';

interface ValidBody {
  readonly name: string;
  readonly contentType?: string;
  readonly body: string;
  readonly value: Json;
  readonly text?: string;
}

interface RefusedBody {
  readonly name: string;
  readonly contentType: string;
  readonly body: string;
  readonly status: number;
  readonly message: string;
  readonly without?: string;
}

const valid = vectors<ValidBody>('valid-bodies');
const refused = vectors<RefusedBody>('refused-bodies');

function vectors<T>(name: string): T[] {
  const file = new URL(`../../../test/vectors/formats/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as T[];
}

function parse(body: string, contentType?: string, limits: Partial<BodyLimits> = {}) {
  const bytes = new TextEncoder().encode(body);
  return parseResourceBody(bytes, contentType, { ...DEFAULT_BODY_LIMITS, ...limits });
}

function failure(body: string, contentType?: string, limits: Partial<BodyLimits> = {}): FhirError {
  try {
    parse(body, contentType, limits);
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  throw new Error('The body was accepted');
}

describe('parseResourceBody', () => {
  it.each(valid)('$name', ({ contentType, body, value, text }) => {
    const parsed = parse(body, contentType);

    expect(parsed?.value).toEqual(value);
    expect(JSON.parse(parsed?.text ?? '')).toEqual(value);
    if (text !== undefined) expect(parsed?.text).toBe(text);
  });

  it.each(refused)('$name', ({ contentType, body, status, message, without }) => {
    const error = failure(body, contentType);

    expect(error.status).toBe(status);
    expect(error.message).toContain(message);
    if (without !== undefined) expect(error.message).not.toContain(without);
  });

  it('takes no body, an empty one and white space for no body, whatever the type', () => {
    expect(parseResourceBody(undefined, 'text/plain', DEFAULT_BODY_LIMITS)).toBeUndefined();
    expect(parse('', 'application/xml')).toBeUndefined();
    expect(parse(' \n', 'application/json')).toBeUndefined();
  });

  it('refuses bytes that are not UTF-8', () => {
    const bytes = Uint8Array.of(0x22, 0xc0, 0xaf, 0x22);

    expect(() => parseResourceBody(bytes, 'application/json', DEFAULT_BODY_LIMITS)).toThrow(
      'UTF-8',
    );
  });
});

describe('the limits of a body', () => {
  it('bound its size', () => {
    expect(parse('[1]', 'application/json', { maxBytes: 3 })?.value).toEqual([1]);
    expect(failure('[12]', 'application/json', { maxBytes: 3 }).status).toBe(413);
  });

  it('bound the size of YAML more narrowly than that of JSON without a type', () => {
    expect(parse('["abc"]', undefined, { maxYamlBytes: 6 })?.value).toEqual(['abc']);
    expect(parse('- abc', undefined, { maxYamlBytes: 6 })?.value).toEqual(['abc']);
    expect(failure('- abcde', undefined, { maxYamlBytes: 6 }).status).toBe(413);
  });

  it.each([
    ['application/json', '[[1]]', '[[[1]]]'],
    ['text/yaml', '- - a', '- - - a'],
    ['text/yaml', '{a: {b: c}}', '{a: {b: {c: d}}}'],
  ])('bound its depth (%s)', (contentType, shallow, deep) => {
    expect(parse(shallow, contentType, { maxDepth: 2 })).toBeDefined();
    expect(failure(deep, contentType, { maxDepth: 2 }).message).toContain('more than 2 levels');
  });

  it.each(['[', '{"a":', '- ', '? ', '{a: '])('survive a tower of %j', (storey) => {
    const tower = storey.repeat(20_000);

    expect(failure(tower, undefined).message).toContain('levels deep');
  });

  it('survive a tower of twenty megabytes of JSON', () => {
    expect(failure('['.repeat(20_000_000), 'application/json').message).toContain('levels deep');
  });

  it('survive a quarter of a megabyte of misplaced brackets, and restore stack traces', () => {
    const { stackTraceLimit } = Error;

    expect(failure('}'.repeat(200_000), undefined).status).toBe(400);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  it('bound the number of values', () => {
    expect(parse('[1,2]', 'application/json', { maxNodes: 3 })).toBeDefined();
    expect(failure('[1,2,3]', 'application/json', { maxNodes: 3 }).message).toContain('values');
  });

  it('bound what aliases amount to in values', () => {
    const laughs = 'a: &a [1,1,1]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n';

    expect(parse(laughs, 'text/yaml')).toBeDefined();
    expect(failure(laughs, 'text/yaml', { maxNodes: 40 }).message).toContain('too many values');
  });

  it('bound what aliases amount to in characters', () => {
    const laughs = `a: &a ${'x'.repeat(50)}\nb: [*a,*a,*a]\n`;

    expect(parse(laughs, 'text/yaml', { maxBytes: 300 })).toBeDefined();
    expect(failure(laughs, 'text/yaml', { maxBytes: 200 }).status).toBe(413);
  });

  it('bound the number of aliases', () => {
    const aliases = (count: number) => `a: &a 1\nb: [${Array(count).fill('*a').join(',')}]\n`;

    expect(parse(aliases(100), 'text/yaml')).toBeDefined();
    expect(failure(aliases(101), 'text/yaml').message).toContain('more than 100 aliases');
  });
});

describe('parseResourceDocuments', () => {
  const documents = (text: string, limits: Partial<BodyLimits> = {}, type = 'text/yaml') =>
    parseResourceDocuments(new TextEncoder().encode(text), type, {
      ...DEFAULT_BODY_LIMITS,
      ...limits,
    }).map(({ value }) => value);

  it.each<[string, string, Json[]]>([
    ['one without a marker', 'a: 1', [{ a: 1 }]],
    ['several', 'a: 1\n---\nb: 2', [{ a: 1 }, { b: 2 }]],
    ['one that begins beside its marker', '--- {a: 1}\n--- {b: 2}', [{ a: 1 }, { b: 2 }]],
    ['one after an end', 'a: 1\n...\nb: 2', [{ a: 1 }, { b: 2 }]],
    ['none that is empty', '---\n# none\n---\na: 1\n---\n', [{ a: 1 }]],
    ['no marker in a text that is indented', 'a: |\n  x\n  ---\n  y', [{ a: 'x\n---\ny\n' }]],
    ['JSON as one', '[{"a": 1}, {"b": 2}]', [[{ a: 1 }, { b: 2 }]]],
    ['nothing in white space', ' \n', []],
    ['nothing in comments', '# a\n// b\n', []],
  ])('reads %s', (_what, text, expected) => {
    expect(documents(text)).toEqual(expected);
  });

  it('reads them independently of one another', () => {
    expect(documents('a: &a 1\n---\na: &a 2\nb: *a')).toEqual([{ a: 1 }, { a: 2, b: 2 }]);
    expect(() => documents('a: &a 1\n---\nb: *a')).toThrow('anchor');
  });

  it('names the line of the whole text', () => {
    expect(() => documents('a: 1\n---\nb: 1\n c: 2')).toThrow('line 3, column 4');
  });

  it('reads no second one in JSON by type', () => {
    expect(() => documents('{"a": 1}\n---\n{"b": 2}', {}, 'application/json')).toThrow('JSON');
  });

  it('bounds all of them together', () => {
    const text = `a: &a ${'x'.repeat(50)}\nb: [*a]\n---\na: &a ${'x'.repeat(50)}\nb: [*a]\n`;

    expect(documents(text, { maxBytes: 300 })).toHaveLength(2);
    expect(() => documents(text, { maxBytes: 200 })).toThrow('larger');
    expect(() => documents('a: 1\n---\nb: 2', { maxYamlBytes: 10 })).toThrow('larger');
  });
});
