import type { ResourceExamples } from '../definition/resource-examples.js';
import { INTROSPECTOR_PRESETS } from '../provider-presets.js';

/**
 * TokenIntrospector as the description of the API shows it. The first asks example.com, which signs
 * nothing: an example that holds a known secret would open the server of whoever tries it.
 */
export const TOKEN_INTROSPECTOR_EXAMPLES: ResourceExamples = {
  id: 'external-auth-server',
  resources: {
    'JWT, by the published keys of the issuer': {
      type: 'jwt',
      jwt: { iss: 'https://auth.example.com', aud: ['https://fhir.example.com'] },
      jwks_uri: 'https://auth.example.com/.well-known/jwks.json',
      cache_ttl: 3600,
    },
    'JWT, keys found by OpenID discovery': {
      type: 'jwt',
      jwt: { iss: 'https://auth.example.com', aud: ['https://fhir.example.com'] },
    },
    'JWT, by a shared secret': {
      type: 'jwt',
      jwt: { iss: 'https://auth.example.com', secret: 'replace this by a long random secret' },
    },
    'Opaque, by an introspection endpoint (RFC 7662)': {
      type: 'opaque',
      introspection_endpoint: {
        url: 'https://auth.example.com/introspect',
        authorization: 'Basic d2FyZGdhdGU6cmVwbGFjZS10aGlz',
      },
    },
    'Cookie of ASP.NET, by an introspection endpoint': {
      type: 'aspxauth',
      introspection_endpoint: { url: 'https://intranet.example.com/introspect' },
    },
    ...INTROSPECTOR_PRESETS,
  },
  changes: { cache_ttl: 600 },
};
