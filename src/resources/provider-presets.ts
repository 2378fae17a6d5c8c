import type { JsonObject } from '../policy/json.js';

/** Resources by the name of the provider that they are for. */
export type Presets = Readonly<Record<string, JsonObject>>;

/**
 * TokenIntrospectors for well-known providers, as their pages in `docs/providers` explain them; what is
 * the reader's own is that of `example.com`.
 */
export const INTROSPECTOR_PRESETS: Presets = {
  Keycloak: {
    type: 'jwt',
    jwt: { iss: 'https://keycloak.example.com/realms/clinic', aud: 'fhir' },
    identity_provider: { reference: 'IdentityProvider/keycloak' },
  },
  Auth0: {
    type: 'jwt',
    jwt: {
      iss: 'https://clinic.eu.auth0.com/',
      aud: 'https://fhir.example.com',
      algorithms: ['RS256'],
    },
    identity_provider: { reference: 'IdentityProvider/auth0' },
  },
  Okta: {
    type: 'jwt',
    jwt: {
      iss: 'https://clinic.okta.com/oauth2/default',
      aud: 'api://default',
      required_claims: ['cid'],
    },
    identity_provider: { reference: 'IdentityProvider/okta' },
  },
  'Microsoft Entra ID': {
    type: 'jwt',
    jwt: {
      iss: 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0',
      aud: '66666666-7777-8888-9999-000000000000',
    },
    identity_provider: { reference: 'IdentityProvider/entra' },
  },
  Google: {
    type: 'jwt',
    jwt: {
      iss: 'https://accounts.google.com',
      aud: '1234567890-abc.apps.googleusercontent.com',
      algorithms: ['RS256'],
      required_claims: ['azp'],
    },
    accept_id_token: true,
    identity_provider: { reference: 'IdentityProvider/google' },
  },
  'Amazon Cognito': {
    type: 'jwt',
    jwt: {
      iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI',
      algorithms: ['RS256'],
      required_claims: ['client_id', 'token_use'],
    },
    identity_provider: { reference: 'IdentityProvider/cognito' },
  },
};

/** IdentityProviders that go with {@link INTROSPECTOR_PRESETS}. */
export const IDENTITY_PROVIDER_PRESETS: Presets = {
  Keycloak: {
    title: 'Keycloak',
    active: true,
    system: 'https://keycloak.example.com/realms/clinic',
    userinfo_endpoint:
      'https://keycloak.example.com/realms/clinic/protocol/openid-connect/userinfo',
    'userinfo-source': 'userinfo-endpoint',
    roleMapping: [{ claim: ['realm_access', 'roles'], value: 'clinician', role: 'doctor' }],
  },
  Auth0: {
    title: 'Auth0',
    active: true,
    system: 'https://clinic.eu.auth0.com/',
    userinfo_endpoint: 'https://clinic.eu.auth0.com/userinfo',
    'userinfo-source': 'userinfo-endpoint',
    roleMapping: [
      { claim: ['https://fhir.example.com/roles'], value: 'clinician', role: 'doctor' },
    ],
  },
  Okta: {
    title: 'Okta',
    active: true,
    system: 'https://clinic.okta.com/oauth2/default',
    userinfo_endpoint: 'https://clinic.okta.com/oauth2/default/v1/userinfo',
    'userinfo-source': 'userinfo-endpoint',
    roleMapping: [{ claim: ['groups'], value: 'Clinicians', role: 'doctor' }],
  },
  'Microsoft Entra ID': {
    title: 'Entra ID',
    active: true,
    system: 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555',
    'userinfo-source': 'id-token',
    roleMapping: [{ claim: ['roles'], value: 'Clinician', role: 'doctor' }],
  },
  Google: {
    title: 'Google',
    active: true,
    system: 'https://accounts.google.com',
    'userinfo-source': 'id-token',
  },
  'Amazon Cognito': {
    title: 'Cognito',
    active: true,
    system: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI',
    'userinfo-source': 'id-token',
    roleMapping: [{ claim: ['cognito:groups'], value: 'clinicians', role: 'doctor' }],
  },
};
