import fc from 'fast-check';
import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import type { EntryMember, EntryVerdict } from './held-entry.js';
import { ResponseEntries } from './response-entries.js';

const NAMES = ['entry', 'resource', 'response', 'status', 'resourceType', 'id', 'x', '"}]\\', ''];
const scalar = fc.oneof(
  fc.constantFrom(...NAMES, 'wrong', '},{', '\\"'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('json'), { maxKeys: 4, noNullPrototype: true }),
  ),
})) as { json: fc.Arbitrary<Json> };
const object = fc.dictionary(fc.constantFrom(...NAMES), json, { noNullPrototype: true });

/** What is sent, as entries of the answer: those of the upstream, and those that are put in. */
const parts = fc.array(
  fc.oneof(
    object.map((entry) => ({ entry, isOwn: false })),
    fc.constant({ entry: { response: { status: '403' } }, isOwn: true }),
  ),
  { minLength: 1, maxLength: 6 },
);
const INSTEAD = { response: { status: '502' } };

const isWrong = (_member: EntryMember, text: string): boolean => text === 'wrong';

function verdict(): EntryVerdict {
  let isRefused = false;
  return {
    hear: (member, text) => (isRefused ||= isWrong(member, text)),
    get instead() {
      return isRefused ? JSON.stringify(INSTEAD) : undefined;
    },
  };
}

/** The same on parsed JSON. */
function expected(entry: JsonObject): JsonObject {
  const { response, resource } = entry;
  const said: readonly (readonly [EntryMember, Json | undefined])[] = [
    ['status', isJsonObject(response) ? response['status'] : undefined],
    ['resourceType', isJsonObject(resource) ? resource['resourceType'] : undefined],
    ['id', isJsonObject(resource) ? resource['id'] : undefined],
  ];
  const isRefused = said.some(
    ([member, text]) => typeof text === 'string' && isWrong(member, text),
  );
  return isRefused ? INSTEAD : entry;
}

describe('putting entries in', () => {
  it('does what is done to the parsed JSON, wherever the chunks end', () => {
    fc.assert(
      fc.property(parts, object, fc.nat(30), fc.nat(2), (sent, rest, size, indent) => {
        const beside = Object.fromEntries(
          Object.entries(rest).filter(([name]) => name !== 'entry'),
        );
        const own = new Map<number, string>();
        const coming = sent.flatMap(({ entry, isOwn }, position) => {
          if (isOwn) own.set(position, JSON.stringify(entry));
          return isOwn ? [] : [{ position, entry, verdict: verdict() }];
        });
        const bundle = { ...beside, entry: coming.map(({ entry }) => entry), after: beside };
        const bytes = Buffer.from(JSON.stringify(bundle, undefined, indent));

        const entries = new ResponseEntries(coming, own);
        const written: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; at += size + 1) {
          for (const part of entries.split(bytes.subarray(at, at + size + 1))) written.push(part);
        }
        entries.end();

        expect(JSON.parse(Buffer.concat(written).toString())).toEqual({
          ...bundle,
          entry: sent.map(({ entry, isOwn }) => (isOwn ? entry : expected(entry))),
        });
      }),
      { numRuns: 500 },
    );
  });
});
