import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createSecretKey } from 'node:crypto';
import { join } from 'node:path';
import { parseCompactJws } from '../../../src/introspection/jwt/jwt.js';
import { publishedKeySet, type KeySet } from '../../../src/introspection/jwt/key-set.js';
import { selectKeys } from '../../../src/introspection/jwt/select-keys.js';
import { verifySignature } from '../../../src/introspection/jwt/verify-signature.js';
import type { JsonObject } from '../../../src/policy/json.js';
import { HMAC_ALGORITHMS } from '../../../src/resources/token-introspector/verification-key.js';

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly jws: unknown;
  readonly result: 'valid' | 'invalid';
}

interface Group {
  readonly comment: string;
  readonly public?: JsonObject;
  readonly private?: JsonObject;
  readonly tests: readonly Vector[];
}

interface Exception {
  readonly file: string;
  readonly tcId: number;
  readonly accepted: boolean;
  readonly name: string;
}

interface CookbookExample {
  readonly title: string;
  readonly input: { readonly key: JsonObject };
  readonly output: { readonly compact?: string };
}

const root = join(import.meta.dirname, '../../..');
const folder = join(process.env['WARDGATE_TEST_DATA'] ?? join(root, '../shared/data'), 'jose');
const exceptions = JSON.parse(
  readFileSync(join(import.meta.dirname, 'jose-exceptions.json'), 'utf8'),
) as readonly Exception[];

if (existsSync(folder)) {
  describe.each(['json_web_signature', 'json_web_key'])('the attack vectors of %s', (file) => {
    it.each(wycheproof(file))('$tcId $comment: $result', async (vector) => {
      const exception = exceptions.find((one) => one.file === file && one.tcId === vector.tcId);
      const expected = exception?.accepted ?? vector.result === 'valid';

      await expect(verifies(vector.jws, vector.keySet)).resolves.toBe(expected);
    });
  });

  describe('the worked examples of RFC 7520', () => {
    it.each(cookbook())('$title', async ({ input, output }) => {
      await expect(verifies(output.compact, keySetOf(input.key))).resolves.toBe(true);
    });
  });
} else {
  it.skip('needs the jose vectors below WARDGATE_TEST_DATA, which are not here', () => undefined);
}

function wycheproof(file: string): readonly (Vector & { readonly keySet: KeySet })[] {
  const text = readFileSync(join(folder, `wycheproof_${file}_test.json`), 'utf8');
  const { testGroups } = JSON.parse(text) as { readonly testGroups: readonly Group[] };
  return testGroups.flatMap((group) => {
    const keySet = keySetOf(group.public ?? group.private ?? {});
    return group.tests.map((vector) => ({
      ...vector,
      comment: `${group.comment}, ${vector.comment}`,
      keySet,
    }));
  });
}

// Examples whose content is detached or which are written in JSON have no compact form.
function cookbook(): readonly CookbookExample[] {
  const jws = join(folder, 'rfc7520/jws');
  return readdirSync(jws)
    .map((name) => JSON.parse(readFileSync(join(jws, name), 'utf8')) as CookbookExample)
    .filter(({ output }) => output.compact !== undefined && !output.compact.includes('..'));
}

/** Public keys as an issuer publishes them; a lone secret as an introspector holds it. */
function keySetOf(document: JsonObject): KeySet {
  const entries = jwksOf(document);
  const [only] = entries;
  const k = only?.['kty'] === 'oct' && entries.length === 1 ? only['k'] : undefined;
  if (typeof k !== 'string' || k === '') {
    return publishedKeySet({ keys: entries }) ?? { revision: '', kind: 'local', keys: [] };
  }
  const key = createSecretKey(Buffer.from(k, 'base64url'));
  const algorithms = HMAC_ALGORITHMS.filter((alg) => alg === only?.['alg']);
  return { revision: '', kind: 'local', keys: [{ kid: undefined, algorithms, key }] };
}

function jwksOf(document: JsonObject): readonly JsonObject[] {
  const keys = document['keys'];
  return Array.isArray(keys) ? (keys as readonly JsonObject[]) : [document];
}

async function verifies(token: unknown, keySet: KeySet): Promise<boolean> {
  if (typeof token !== 'string') return false;
  const jws = parseCompactJws(token);
  if (typeof jws === 'string') return false;
  const selected = selectKeys(jws.header, keySet, undefined);
  return typeof selected !== 'string' && verifySignature(token, selected);
}
