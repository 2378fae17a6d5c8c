import { CertificateAuthority } from '../../../test/support/certificates.js';
import { tlsContexts, TlsUnusable } from './tls-context.js';

const authority = new CertificateAuthority('authority');
const { cert, key } = authority.issue({ name: 'client' });
const other = authority.issue({ name: 'other' });
const damaged = authority.certificate.replace(/\n.{8}/, '\nAAAAAAAA');

describe('what TLS is made with', () => {
  it.each([
    ['who may sign', { ca: authority.certificate }],
    ['several who may sign', { ca: `# mine\n${authority.certificate}\n# its\n${other.cert}` }],
    ['a certificate with its key', { cert, key }],
    ['a certificate with that of its authority', { cert: cert + authority.certificate, key }],
  ])('may be %s', (_name, texts) => {
    expect(tlsContexts(texts).upstream).toBeDefined();
  });

  it('is left to Node.js where nothing is configured', () => {
    expect(tlsContexts({})).toEqual({ upstream: undefined, tokenEndpoint: undefined });
  });

  it('has a trust of its own for the token endpoint', () => {
    const { upstream, tokenEndpoint } = tlsContexts({ tokenCa: authority.certificate });

    expect(upstream).toBeUndefined();
    expect(tokenEndpoint).toBeDefined();
    expect(() => tlsContexts({ tokenCa: '' })).toThrow(/holds no certificate/);
  });

  it.each([
    ['an empty file of who may sign', { ca: '' }, /holds no certificate/],
    ['a key instead of who may sign', { ca: key }, /holds no certificate/],
    ['a damaged one among who may sign', { ca: authority.certificate + damaged }, /is damaged/],
    ['more than systems trust', { ca: authority.certificate + ' '.repeat(1_048_576) }, /too large/],
    ['a key instead of the certificate', { cert: key, key }, /holds no certificate/],
    ['the key of another', { cert, key: other.key }, /cannot be used together/],
    ['a damaged key', { cert, key: key.slice(0, 60) }, /cannot be used together/],
  ])('is never %s', (_name, texts, why) => {
    expect(() => tlsContexts(texts)).toThrow(TlsUnusable);
    expect(() => tlsContexts(texts)).toThrow(why);
  });
});
