import type { JsonObject } from '../../policy/json.js';
import { arrayAt, at, stringAt } from '../../resources/token-introspector/json-members.js';
import type {
  JwtIntrospector,
  KeySource,
} from '../../resources/token-introspector/token-introspector.js';
import { publicKeyFromJwk } from '../../resources/token-introspector/verification-key.js';
import { fetchKeyDocument, type RemoteKeySource } from '../jwt/key-document.js';
import { localKeySet, publishedKeySet, type KeySet } from '../jwt/key-set.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import { callFailure } from './call-failure.js';
import { found, shown, type CheckStep } from './check-step.js';
import { SECRET_FIX } from './general-steps.js';
import { issuerDifference } from './issuer-difference.js';
import type { RecordedCall, RecordedHttp } from './recorded-http.js';

/** The keys of an introspector as they are at this moment, and how they were had. */
export interface FreshKeys {
  readonly steps: readonly CheckStep[];
  /** Undefined when they cannot be had. */
  readonly keySet?: KeySet;
  /** Of keys that do not count, by their id, why not. */
  readonly unusable: ReadonlyMap<string, string>;
}

const MAX_LISTED = 20;
const NONE: ReadonlyMap<string, string> = new Map();

/** Fetches or reads the keys anew, past every cache and without touching one. */
export async function freshKeys(
  { keySource, lacksSecret }: JwtIntrospector,
  http: RecordedHttp,
): Promise<FreshKeys> {
  // A request is not verified with the keys that are left either.
  if (lacksSecret) return { steps: [noSecret()], unusable: NONE };
  switch (keySource.kind) {
    case 'none':
      return { steps: [noSecret()], unusable: NONE };
    case 'secret':
    case 'keys':
      return ownKeys(keySource);
    case 'jwks':
    case 'discovery':
      return publishedKeys(keySource, http);
  }
}

/** Key ids as a message names them. */
export function listed(names: readonly (string | undefined)[]): string {
  const texts = names
    .slice(0, MAX_LISTED)
    .map((name) => (name === undefined ? 'one without kid' : shown(name)));
  const more = names.length - texts.length;
  return `${texts.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function noSecret(): CheckStep {
  return found(
    'keys',
    'no-secret',
    'The introspector verifies nothing: a secret that it refers to cannot be used',
    SECRET_FIX,
  );
}

function ownKeys(source: KeySource & { kind: 'secret' | 'keys' }): FreshKeys {
  const keySet = localKeySet(source);
  const what =
    source.kind === 'secret'
      ? 'The shared secret of'
      : `${keySet.keys.length} of ${source.keys.length} keys in`;
  const step =
    keySet.keys.length === 0
      ? found('keys', 'no-usable-key', 'None of jwt.keys can verify a signature')
      : found('keys', 'keys-read', `${what} the introspector can verify signatures`);
  return { steps: [step], keySet, unusable: NONE };
}

async function publishedKeys(source: RemoteKeySource, http: RecordedHttp): Promise<FreshKeys> {
  const document = await fetchKeyDocument(source, http).catch((error: unknown) => {
    if (error instanceof OutboundFailure) return undefined;
    throw error;
  });
  const [first, second] = http.calls;
  const discovery = source.kind === 'discovery' ? discoverySteps(first, source.issuer, http) : [];
  const call = source.kind === 'discovery' ? second : first;
  if (document === undefined || call === undefined) {
    return { steps: [...discovery, ...keyFailure(call, http)], unusable: NONE };
  }
  return keysIn(document, call.url, discovery);
}

function discoverySteps(
  call: RecordedCall | undefined,
  issuer: string,
  http: RecordedHttp,
): readonly CheckStep[] {
  if (call?.failure) return [failureOf('discovery', call, call.failure, http)];
  const metadata = call?.answer ?? {};
  const named = stringAt(metadata, 'issuer');
  if (named !== issuer) {
    const difference = issuerDifference(issuer, named);
    const message = `The discovery document names another issuer than jwt.iss: ${difference.message}`;
    return [found('discovery', 'discovery-other-issuer', message, difference.fix)];
  }
  const uri = stringAt(metadata, 'jwks_uri');
  if (uri === undefined) {
    const fix = 'Write jwks_uri into the introspector';
    return [
      found('discovery', 'discovery-without-keys', 'The discovery document has no jwks_uri', fix),
    ];
  }
  return [found('discovery', 'discovery-read', `The issuer publishes its keys at ${shown(uri)}`)];
}

function keyFailure(call: RecordedCall | undefined, http: RecordedHttp): readonly CheckStep[] {
  return call?.failure ? [failureOf('keys', call, call.failure, http)] : [];
}

function failureOf(
  step: 'discovery' | 'keys',
  { url }: RecordedCall,
  failure: OutboundFailure,
  http: RecordedHttp,
): CheckStep {
  return callFailure(step, { url, failure, refusal: http.refusalOf(url) });
}

function keysIn(document: JsonObject, url: string, discovery: readonly CheckStep[]): FreshKeys {
  const keySet = publishedKeySet(document);
  if (keySet === undefined) {
    const fix = 'jwks_uri must lead to a JWK set: {"keys": [...]}, at most 256 of them';
    const step = found('keys', 'no-key-set', `${shown(url)} answers, but with no JWK set`, fix);
    return { steps: [...discovery, step], unusable: NONE };
  }
  const unusable = unusableKeys(document, keySet);
  return { steps: [...discovery, ...describeKeys(keySet, unusable)], keySet, unusable };
}

function describeKeys(keySet: KeySet, unusable: ReadonlyMap<string, string>): readonly CheckStep[] {
  const kids = keySet.keys.map(({ kid }) => kid);
  const reasons = [...unusable].slice(0, MAX_LISTED).map(([kid, why]) => `${shown(kid)} ${why}`);
  if (kids.length === 0) {
    const message = `The issuer publishes no key that verifies signatures${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}`;
    return [
      found(
        'keys',
        'no-usable-key',
        message,
        'Have the issuer publish an RSA, EC or Ed25519 signing key',
      ),
    ];
  }
  const read = found(
    'keys',
    'keys-read',
    `The issuer publishes ${kids.length} signing keys: ${listed(kids)}`,
  );
  if (reasons.length === 0) return [read];
  const message = `Keys that do not count: ${reasons.join('; ')}`;
  return [read, found('keys', 'some-keys-unusable', message)];
}

function unusableKeys(document: JsonObject, keySet: KeySet): ReadonlyMap<string, string> {
  const usable = new Set(keySet.keys.map(({ kid }) => kid));
  // A set has objects only.
  const all = arrayAt(document, 'keys') as readonly JsonObject[];
  const entries = all.flatMap((jwk): readonly [string, string][] => {
    const kid = stringAt(jwk, 'kid');
    return kid === undefined || usable.has(kid) ? [] : [[kid, whyUnusable(jwk)]];
  });
  return new Map(entries);
}

function whyUnusable(jwk: JsonObject): string {
  if (at(jwk, 'kty') === 'oct') return 'is a shared secret, which must not be published';
  if (at(jwk, 'use') !== undefined && at(jwk, 'use') !== 'sig') return 'is not for signatures';
  const bits = publicKeyFromJwk(jwk)?.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < 2048) return `has ${bits} bit, RSA needs 2048`;
  return 'is of a kind or algorithm that is not supported';
}
