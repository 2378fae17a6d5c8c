import { UpstreamFailed } from '../upstream/upstream-errors.js';
import type { EntryVerdict } from './held-entry.js';
import { ResponseEntries } from './response-entries.js';

const ANSWER = JSON.stringify(
  {
    resourceType: 'Bundle',
    type: 'batch-response',
    link: [{ relation: 'self', url: 'entry' }],
    entry: [
      {
        resource: { resourceType: 'Basic', text: '}],{"entry":[\\"' },
        response: { status: '200' },
      },
      { response: { status: '201' } },
    ],
    meta: { tag: [{ code: 'entry' }] },
  },
  undefined,
  1,
);

const added = (...positions: number[]) =>
  new Map(positions.map((at) => [at, JSON.stringify({ response: { status: `4${at}` } })]));

const passes: EntryVerdict = () => undefined;

function merged(
  positions: readonly number[],
  texts: ReadonlyMap<number, string>,
  size: number,
  { answer = ANSWER, verdict = passes } = {},
) {
  const entries = new ResponseEntries(positions, texts, verdict);
  const bytes = Buffer.from(answer);
  const parts: { text: string; at: number | undefined }[] = [];
  for (let from = 0; from < bytes.length; from += size) {
    for (const part of entries.split(bytes.subarray(from, from + size))) {
      parts.push({ text: Buffer.from(part).toString(), at: entries.current });
    }
  }
  entries.end();
  return parts;
}

const textOf = (parts: readonly { text: string }[]) => parts.map(({ text }) => text).join('');

function statuses(text: string): readonly string[] {
  const { entry } = JSON.parse(text) as { entry: { response: { status: string } }[] };
  return entry.map(({ response }) => response.status);
}

describe('ResponseEntries', () => {
  it.each([1, 2, 3, 7, 64, 10_000])('puts entries in at their places, in chunks of %d', (size) => {
    expect(statuses(textOf(merged([1, 3], added(0, 2, 4, 5), size)))).toEqual([
      ...['40', '200', '42', '201', '44', '45'],
    ]);
    expect(statuses(textOf(merged([0, 1], added(2), size)))).toEqual(['200', '201', '42']);
    expect(statuses(textOf(merged([2, 3], added(0, 1), size)))).toEqual(['40', '41', '200', '201']);
  });

  it('changes nothing of what comes', () => {
    expect(JSON.parse(textOf(merged([0, 1], added(), 5)))).toEqual(JSON.parse(ANSWER));
  });

  it.each([1, 10_000])('knows whose bytes it hands out, in chunks of %d', (size) => {
    const parts = merged([1, 3], added(0, 2), size);
    const of = (position: number) => textOf(parts.filter(({ at }) => at === position));

    expect(of(1)).toContain('"status": "200"');
    expect(of(1)).not.toContain('"status": "201"');
    expect(of(3)).toContain('"status": "201"');
    expect(of(0) + of(2)).toBe('');
  });

  describe.each([1, 3, 1000, 100_000])('in chunks of %d', (size) => {
    const refused = '{"response":{"status":"502"}}';
    const verdict: EntryVerdict = (position, status) =>
      position === 3 && status === '500' ? refused : undefined;
    const answerOf = (...entry: readonly object[]) => JSON.stringify({ entry });
    const first = { resource: { response: { status: '500' } }, response: { status: '500' } };
    const shown = (entry: object) =>
      textOf(merged([1, 3], added(), size, { answer: answerOf(first, entry), verdict }));

    it.each([
      ['its status alone', { response: { status: '500' } }],
      ['its status first', { response: { status: '500', outcome: { x: 'secret' } } }],
      ['its status last', { response: { outcome: { x: 'secret' }, status: '500' } }],
      ['a resource', { resource: { x: 'secret' }, response: { status: '500' } }],
      ['two statuses', { response: { status: '500', x: 'secret', status2: '', etag: '200' } }],
      ['much after its status', { response: { status: '500', x: 'secret'.repeat(50_000) } }],
    ])('puts another in place of an entry with %s', (_name, entry) => {
      expect(shown(entry)).toBe(`{"entry":[${JSON.stringify(first)},${refused}]}`);
    });

    it.each([
      ['another status', { response: { status: '200', etag: '500' } }],
      ['a member that is called so', { resource: { status: '500' }, status: '500' }],
      ['a value that is called so', { response: { status: '200', x: 'status', y: ['500'] } }],
      ['a status within', { response: { outcome: { status: '500' } } }],
      ['a response within', { resource: { response: { status: '500' } } }],
      ['much in it', { resource: { x: 'x'.repeat(100_000) }, response: { status: '200' } }],
    ])('leaves one with %s', (_name, entry) => {
      expect(shown(entry)).toBe(answerOf(first, entry));
    });

    it('ends where too much of one has gone on', () => {
      const entry = { resource: { x: 'x'.repeat(100_000) }, response: { status: '500' } };

      expect(() => shown(entry)).toThrow(UpstreamFailed);
    });
  });

  it.each([[[0]], [[0, 1, 2]], [[]]])('refuses an answer that is not to the entries %j', (sent) => {
    expect(() => merged(sent, added(), 100)).toThrow(UpstreamFailed);
  });
});
