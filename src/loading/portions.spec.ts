import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonPortions } from './json-portions.js';
import { ndjsonPortions } from './ndjson-portions.js';
import { isUnreadable, type Portion, type Unreadable } from './portion.js';

const LIMITS = { resources: 2, maxBytes: 1_000 };

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wardgate-load-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

type Read = typeof ndjsonPortions;

async function read(
  portions: Read,
  content: string | Buffer,
): Promise<readonly (Portion | Unreadable)[]> {
  const file = join(home, 'file');
  writeFileSync(file, content);
  const found: (Portion | Unreadable)[] = [];
  for await (const portion of portions(file, LIMITS)) found.push(portion);
  return found;
}

/** What is sent, in short, and what is said of the rest. */
const outline = (found: readonly (Portion | Unreadable)[]): readonly string[] =>
  found.map((one) => (isUnreadable(one) ? `${one.place}: ${one.problem}` : one.bundle));

const bundle = (...entries: readonly string[]): string =>
  `{"resourceType":"Bundle","type":"batch","entry":[${entries.join(',')}]}`;
const put = (resource: string, url: string): string =>
  `{"resource":${resource},"request":{"method":"PUT","url":"${url}"}}`;

const P1 = '{"resourceType":"Patient","id":"p1"}';
const P2 = '{ "resourceType": "Patient", "id": "p2", "multipleBirthInteger": 1.10 }';
const NEW = '{"resourceType":"Patient"}';

describe('NDJSON', () => {
  it('becomes batches of lines as they were written, with PUT where there is an id', async () => {
    const found = await read(ndjsonPortions, `${P1}\r\n\n${P2}\n${NEW}`);

    expect(outline(found)).toEqual([
      bundle(put(P1, 'Patient/p1'), put(P2, 'Patient/p2')),
      bundle(`{"resource":${NEW},"request":{"method":"POST","url":"Patient"}}`),
    ]);
    expect(found).toMatchObject([
      { part: 'lines 1-3', isRepeatable: true, isTransaction: false },
      { part: 'lines 4-4', isRepeatable: false, entries: [{ place: 'line 4', target: 'Patient' }] },
    ]);
  });

  it('says which lines are none, and reads the others', async () => {
    const found = await read(
      ndjsonPortions,
      Buffer.concat([
        Buffer.from(`{\n[]\n{"id":"x"}\n{"resourceType":"Patient","id":"a/b"}\n`),
        Buffer.from(`"${'x'.repeat(1_001)}"\n`),
        Buffer.from([0xff, 0x0a]),
        Buffer.from(P1),
      ]),
    );

    expect(outline(found)).toEqual([
      'line 1: is no JSON',
      'line 2: is no resource: it lacks a resourceType',
      'line 3: is no resource: it lacks a resourceType',
      'line 4: has an id that is none of FHIR',
      'line 5: is too long, or no UTF-8',
      'line 6: is too long, or no UTF-8',
      bundle(put(P1, 'Patient/p1')),
    ]);
  });

  it('counts every byte of the file, however long its lines are', async () => {
    const text = `${P1}\n`.repeat(5_000);
    const found = await read(ndjsonPortions, text);

    expect(found).toHaveLength(2_500);
    expect(found.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(text.length);
  });
});

describe('JSON', () => {
  it.each([
    ['transaction', [{ method: 'PUT' }, { method: 'POST', ifNoneExist: 'x=1' }], true, true],
    ['transaction', [{ method: 'PUT' }, { method: 'POST' }], true, false],
    ['batch', [{ method: 'DELETE' }], false, true],
    ['batch', [{ method: 'PATCH' }], false, false],
  ])('of a %s with %j goes as it is', async (type, requests, isTransaction, isRepeatable) => {
    const entry = requests.map((request) => ({ request: { url: 'Patient', ...request } }));
    const text = JSON.stringify({ resourceType: 'Bundle', type, entry });
    const found = await read(jsonPortions, text);

    expect(found).toMatchObject([{ bundle: text, isTransaction, isRepeatable, part: '' }]);
  });

  it('of a list becomes batches, with the digits of its numbers', async () => {
    const entries = [P1, P2, P1].map((resource) => `{"resource":${resource}}`);
    const text = `{"resourceType":"Bundle","type":"collection","entry":[${entries.join()},{}]}`;
    const found = await read(jsonPortions, text);

    expect(outline(found)).toEqual([
      'entry 3: has no resource',
      bundle(put(P1, 'Patient/p1'), put(P2.replaceAll(' ', ''), 'Patient/p2')),
      bundle(put(P1, 'Patient/p1')),
    ]);
    expect(found).toMatchObject([
      {},
      { part: 'entry 0 to entry 1' },
      { part: 'entry 2 to entry 2' },
    ]);
  });

  it('of anything else is one resource, a document too', async () => {
    const document = '{"resourceType":"Bundle","id":"d1","type":"document"}';

    expect(outline(await read(jsonPortions, P1))).toEqual([bundle(put(P1, 'Patient/p1'))]);
    expect(outline(await read(jsonPortions, document))).toEqual([
      bundle(put(document, 'Bundle/d1')),
    ]);
  });

  it.each([
    ['{', ': is no JSON'],
    ['{}', ': is no resource: it lacks a resourceType'],
    [' '.repeat(1_001), ': is larger than 1000 bytes; NDJSON may be of any size'],
    ['{"resourceType":"Bundle","type":"collection"}', undefined],
  ])('that reads %j is not sent', async (text, problem) => {
    expect(outline(await read(jsonPortions, text))).toEqual(problem === undefined ? [] : [problem]);
  });
});
