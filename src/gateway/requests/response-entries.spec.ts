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

const INSTEAD = '{"response":{"status":"502"}}';
const passing: EntryVerdict = { hear: () => undefined, instead: undefined };

/** Refuses an entry that says a text, and hears all that it says. */
function refusing(text: string): EntryVerdict & { readonly heard: readonly string[] } {
  const heard: string[] = [];
  return {
    heard,
    hear: (member, said) => heard.push(`${member} ${said}`),
    get instead() {
      return heard.some((said) => said.endsWith(` ${text}`)) ? INSTEAD : undefined;
    },
  };
}

function merged(
  positions: readonly number[],
  texts: ReadonlyMap<number, string>,
  size: number,
  { answer = ANSWER, last = passing } = {},
) {
  const expected = positions.map((position, at) => ({
    position,
    verdict: at + 1 === positions.length ? last : passing,
  }));
  const entries = new ResponseEntries(expected, texts);
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
    const answerOf = (...entry: readonly object[]) => JSON.stringify({ entry });
    const first = { resource: { id: 'wrong' }, response: { status: 'wrong' } };
    const shown = (entry: object, last: EntryVerdict) =>
      textOf(merged([1, 3], added(), size, { answer: answerOf(first, entry), last }));
    const LONG = 'x'.repeat(100_000);

    it.each([
      ['its status alone', { response: { status: 'wrong' } }],
      ['its status first', { response: { status: 'wrong', outcome: { x: 'secret' } } }],
      ['its status last', { response: { outcome: { x: 'secret' }, status: 'wrong' } }],
      ['a resource before', { resource: { x: 'secret' }, response: { status: 'wrong' } }],
      ['much after its status', { response: { status: 'wrong', x: LONG } }],
      ['another type', { resource: { resourceType: 'wrong', x: LONG } }],
      ['another id', { resource: { x: { id: 'right' }, id: 'wrong' } }],
    ])('puts another in place of an entry with %s', (_name, entry) => {
      expect(shown(entry, refusing('wrong'))).toBe(
        `{"entry":[${JSON.stringify(first)},${INSTEAD}]}`,
      );
    });

    it('hears what entries say, once and nowhere else', () => {
      const verdict = refusing('wrong');
      const entry = {
        ...{ status: 'wrong', id: 'wrong', x: 'resource' },
        resource: { id: 'a', x: 'status', y: ['wrong'], id2: 'wrong', z: { id: 'wrong' } },
        response: { etag: 'wrong', x: 'status', y: 'wrong', status: '200', resourceType: 'wrong' },
        search: { status: 'wrong', id: 'wrong' },
        list: [{ response: { status: 'wrong' } }],
      };

      expect(shown(entry, verdict)).toBe(answerOf(first, entry));
      expect(verdict.heard).toEqual(['id a', 'status 200']);
    });

    it('leaves a long one, and ends where one turns out wrong of which too much has gone on', () => {
      const long = (status: string) => ({ resource: { x: LONG }, response: { status } });

      expect(shown(long('200'), refusing('wrong'))).toBe(answerOf(first, long('200')));
      expect(() => shown(long('wrong'), refusing('wrong'))).toThrow(UpstreamFailed);
    });
  });

  it.each([[[0]], [[0, 1, 2]], [[]]])('refuses an answer that is not to the entries %j', (sent) => {
    expect(() => merged(sent, added(), 100)).toThrow(UpstreamFailed);
  });
});
