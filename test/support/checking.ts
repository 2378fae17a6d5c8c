import { startJwksServer, type JwksServer } from './jwks-server.js';
import { startTestApp, type Reply, type TestApp } from './test-app.js';
import { accessClaims, rsaKey, signJwt, type SigningKey } from './token-signer.js';

/** One step of a check, as it is answered. */
export interface Step {
  readonly step: string;
  readonly status: string;
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
}

/** The audience of the API. */
export const AUD = 'fhir';
/** The system of the IdentityProvider `idp`. */
export const SYSTEM = 'urn:check';

/** A Wardgate with an issuer and the TokenIntrospector `i` of it, to be checked. */
export interface Checking {
  readonly app: TestApp;
  readonly issuer: JwksServer;
  readonly key: SigningKey;
  /** Brings issuer and introspector back to what they were at the start. */
  reset(): Promise<void>;
  /** Writes the introspector, with what a test wants different. */
  write(changes: object, jwt?: object): Promise<void>;
  /** Checks an introspector; fails the test unless it answers 200. */
  check(token?: string, id?: string): Promise<Reply>;
  /** A token that is good, but for what a test wants different. */
  token(claims?: object, header?: Readonly<Record<string, unknown>>): string;
  stop(): Promise<void>;
}

/** Starts both. */
export async function startChecking(): Promise<Checking> {
  const key = rsaKey('k1');
  const issuer = await startJwksServer([key.jwk]);
  const app = await startTestApp({
    BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true',
    WARDGATE_IDP_TIMEOUT: '500ms',
  });
  await app.put('/Client/trial', { secret: 'trial-secret', grant_types: ['basic'] });
  await app.put('/AccessPolicy/trial', { engine: 'matcho', matcho: { client: { id: 'trial' } } });
  await app.put('/IdentityProvider/idp', { system: SYSTEM, active: true });
  const write = async (changes: object, jwt: object = {}) => {
    await app.put('/TokenIntrospector/i', {
      type: 'jwt',
      jwt: { iss: issuer.issuer, aud: AUD, ...jwt },
      jwks_uri: issuer.jwksUri,
      identity_provider: { reference: 'IdentityProvider/idp' },
      ...changes,
    });
  };
  return {
    app,
    issuer,
    key,
    reset: () => {
      issuer.mode = 'up';
      issuer.keys = [key.jwk];
      return write({});
    },
    write,
    check: (token, id = 'i') => check(app, id, token),
    token: (claims = {}, header = {}) =>
      signJwt(key, { ...accessClaims(issuer.issuer), ...claims }, header),
    stop: async () => {
      await app.stop();
      await issuer.stop();
    },
  };
}

/** The steps of an answer. */
export function stepsOf(reply: Reply): readonly Step[] {
  return reply.json?.['steps'] as readonly Step[];
}

/** The steps that failed, each with its code. */
export function problems(reply: Reply): readonly string[] {
  return stepsOf(reply)
    .filter(({ status }) => status === 'failed')
    .map(({ step, code }) => `${step}: ${code}`);
}

/** What is said about a step, and what to do. */
export function messageOf(reply: Reply, name: string): string {
  const step = stepsOf(reply).find((candidate) => candidate.step === name);
  return `${step?.message} | ${step?.fix}`;
}

async function check(app: TestApp, id: string, token: string | undefined): Promise<Reply> {
  const path = `/TokenIntrospector/${id}/$check`;
  const reply = await app.call(
    token === undefined ? 'GET' : 'POST',
    path,
    token === undefined ? { asRoot: true } : { asRoot: true, body: { token } },
  );
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${reply.text}`);
  return reply;
}
