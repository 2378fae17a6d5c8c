import { UpstreamFailed } from '../upstream/upstream-errors.js';
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

function merged(positions: readonly number[], texts: ReadonlyMap<number, string>, size: number) {
  const entries = new ResponseEntries(positions, texts);
  const bytes = Buffer.from(ANSWER);
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

  it.each([[[0]], [[0, 1, 2]], [[]]])('refuses an answer that is not to the entries %j', (sent) => {
    expect(() => merged(sent, added(), 100)).toThrow(UpstreamFailed);
  });
});
