import { Readable } from 'node:stream';
import { LARGEST_RESOURCE_BYTES } from '../upstream/largest-resource.js';
import { LookedUpMatches, LookedUpResource } from './looked-up-resources.js';
import { lookUp } from './lookup-answer.js';

const answerOf = (parts: Iterable<string>) => ({
  status: 200,
  headers: {},
  body: Readable.from(Array.from(parts, (part) => Buffer.from(part))),
});

/** Of a Bundle with these members. */
async function matchesIn(members: object) {
  const matches = new LookedUpMatches('Patient');
  const text = JSON.stringify({ resourceType: 'Bundle', ...members });
  // Wherever chunks end.
  await lookUp(answerOf([text.slice(0, 30), text.slice(30, 70), text.slice(70)]), matches);
  const { self, match, count, goesOn } = matches;
  return { self, match, count, goesOn };
}

const link = (relation: string, url: unknown = `u-${relation}`) => ({ relation, url });
const patient = (more: object = {}) => ({
  resource: { resourceType: 'Patient', id: 'p1', ...more },
});
const NONE = { self: undefined, match: undefined, count: 0, goesOn: false };

describe('a resource that is looked up', () => {
  const versionIn = async (text: string): Promise<string | undefined> => {
    const resource = new LookedUpResource({ type: 'Basic', id: 'b' });
    await lookUp(answerOf([text]), resource);
    return resource.version;
  };

  it.each([
    ['{"resourceType":"Basic","id":"b","meta":{"versionId":"3"}}', '3'],
    ['{"meta":{"x":{"versionId":"1"},"versionId":"3"},"id":"b","resourceType":"Basic"}', '3'],
    ['{"resourceType":"Basic","id":"b","contained":[{"meta":{"versionId":"3"}}]}', undefined],
    ['{"resourceType":"Basic","id":"b","meta":{"versionId":"3/4"}}', undefined],
    ['{"resourceType":"Basic","id":"b","meta":null}', undefined],
  ])('tells its version: %s', async (text, version) => {
    expect(await versionIn(text)).toBe(version);
  });

  it.each([
    '{"resourceType":"Basic","id":"c"}',
    '{"resourceType":"Patient","id":"b"}',
    '{"resourceType":"Basic"}',
    '{"resourceType":"Basic","id":"b","id":"b"}',
    '{"resourceType":"Basic","id":"b","meta":{"versionId":"1"},"meta":{"versionId":"2"}}',
    '{"resourceType":"Basic","id":"b","meta":{"versionId":"1","versionId":"2"}}',
    '{"resourceType":"Basic","id":"b"',
    '["Basic"]',
    '<p>',
    '',
  ])('is another than was asked for: %s', async (text) => {
    await expect(versionIn(text)).rejects.toMatchObject({ status: 502 });
  });

  it('may be as large as may be written, with what a server adds', async () => {
    const head = '{"resourceType":"Basic","id":"b","x":"';
    const filler = 'x'.repeat(LARGEST_RESOURCE_BYTES - head.length - 2);

    expect(await versionIn(`${head}${filler}"}`)).toBeUndefined();
    await expect(versionIn(`${head}${filler}x"}`)).rejects.toMatchObject({ status: 502 });
  });
});

describe('what criteria pick', () => {
  it.each<[string, object, object]>([
    ['nothing', {}, {}],
    ['nothing, with a null', { entry: null, link: null }, {}],
    [
      'one, its version told',
      { link: [link('self')], entry: [patient({ meta: { versionId: '3' } })] },
      { self: 'u-self', count: 1, match: { id: 'p1', etag: 'W/"3"' } },
    ],
    ['one', { entry: [patient()] }, { count: 1, match: { id: 'p1', etag: undefined } }],
    [
      'one, with what a server adds',
      {
        entry: [
          { ...patient(), search: { mode: 'match' } },
          { resource: { resourceType: 'OperationOutcome' }, search: { mode: 'outcome' } },
          { search: { mode: 'include' }, resource: { resourceType: 'Device', id: 'd1' } },
        ],
      },
      { count: 1, match: { id: 'p1', etag: undefined } },
    ],
    [
      'several, each by itself',
      { entry: [patient({ meta: { versionId: '3' } }), patient({ id: 'p2' })] },
      { count: 2, match: { id: 'p1', etag: 'W/"3"' } },
    ],
    ['more on the next page', { link: [link('next'), link('x')] }, { goesOn: true }],
    ['by what is not told', { link: [link('self', null)] }, {}],
  ])('is %s', async (_name, members, found) => {
    expect(await matchesIn(members)).toEqual({ ...NONE, ...found });
  });

  it.each<[string, object]>([
    ['no Bundle', { resourceType: 'Patient' }],
    ['of another type', { entry: [{ resource: { resourceType: 'Person', id: 'p1' } }] }],
    ['without an id', { entry: [patient(), { resource: { resourceType: 'Patient' } }] }],
    ['with an id that is a path', { entry: [patient({ id: '../p1' })] }],
    ['an entry without a resource', { entry: [patient(), { fullUrl: 'Patient/p1' }] }],
    ['what is no entry', { entry: ['Patient/p1'] }],
    ['no entries', { entry: patient() }],
    ['a resource that is none', { entry: [{ resource: 'Patient/p1' }] }],
    ['told twice by what it was found', { link: [link('self'), link('self')] }],
  ])('is refused where it is %s', async (_name, members) => {
    await expect(matchesIn(members)).rejects.toMatchObject({ status: 502 });
  });

  it('is read as it comes, and no further than it is understood', async () => {
    let read = 0;
    const endless = function* () {
      yield Buffer.from(`{"resourceType":"Bundle","entry":[${JSON.stringify({ resource: 1 })},"`);
      for (; read < 1000; read += 1) yield Buffer.alloc(65_536, 'x');
    };
    const answer = { status: 200, headers: {}, body: Readable.from(endless()) };

    await expect(lookUp(answer, new LookedUpMatches('Patient'))).rejects.toMatchObject({
      status: 502,
    });
    expect(read).toBeLessThan(100);
  });
});
