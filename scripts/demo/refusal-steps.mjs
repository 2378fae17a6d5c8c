import { forge } from './forge.mjs';
import { tutorialResource } from './tutorial-resources.mjs';

const INTROSPECTOR = '/fhir/TokenIntrospector/keycloak-jwt-introspector';
const HOUR_SECONDS = 3600;

/** Each makes a request that is refused, or one that prepares the next refusal. */
export const refusalSteps = [
  () => ({
    ...readPatients(),
    title: 'No token',
    why: 'No policy lets anonymous callers in.',
    status: 401,
    says: 'login',
  }),
  async ({ provider }) => ({
    ...readPatients(await provider.sign(lifetime(-2 * HOUR_SECONDS))),
    title: 'A token that has expired',
    why: 'Signed by the provider, valid until an hour ago.',
    status: 401,
    says: 'expired',
  }),
  async ({ stranger }) => ({
    ...readPatients(await stranger.sign(lifetime())),
    title: 'A token of an unknown issuer',
    why: 'Signed by another provider, which no TokenIntrospector names. Its keys are not even fetched.',
    status: 401,
    says: 'issuer',
  }),
  ({ replies }) => ({
    ...readPatients(forge(replies.get('token').access_token)),
    title: 'A forged signature',
    why: 'The claims of the token above and the name of its key, signed with a key made by a forger.',
    status: 401,
    says: 'signature',
  }),
  ({ replies }) => ({
    ...readPatients(replies.get('token').access_token, '?nmae=Smith'),
    title: 'A search parameter that does not exist',
    why: 'To ignore it would answer all Patients to somebody who asked for a few.',
    status: 400,
    says: 'nmae',
  }),
  ({ replies }) => ({
    title: 'Administration with a policy that names only the issuer',
    why: 'It opens clinical types. Otherwise every user of the provider could write policies.',
    method: 'PUT',
    url: '/fhir/AccessPolicy/everything-for-me',
    token: replies.get('token').access_token,
    yaml: 'resourceType: AccessPolicy\nengine: allow\n',
    status: 403,
    says: 'administration',
  }),
  ({ provider }) => ({
    title: 'The policy now allows reading only',
    why: 'A change governs the very next request.',
    method: 'PUT',
    url: '/fhir/AccessPolicy/keycloak-users-policy',
    as: 'root',
    yaml: `${tutorialResource('access-policy', provider.origin)}  request-method: get\n`,
    status: 200,
  }),
  ({ replies }) => ({
    title: 'A valid token, and no policy that allows the request',
    why: 'Writing is not reading.',
    method: 'POST',
    url: '/fhir/Patient',
    token: replies.get('token').access_token,
    yaml: 'resourceType: Patient\nname:\n  - family: Smith\n',
    status: 403,
    says: 'No access policy allows this request',
  }),
  ({ replies }) => ({
    ...readPatients(replies.get('token').access_token),
    title: 'The same token, reading',
    why: 'Allowed as before.',
    status: 200,
  }),
  ({ provider }) => ({
    title: 'The TokenIntrospector is deactivated',
    why: 'From the next request on, no token of this issuer counts.',
    method: 'PUT',
    url: INTROSPECTOR,
    as: 'root',
    yaml: `${tutorialResource('token-introspector', provider.origin)}active: false\n`,
    status: 200,
  }),
  ({ replies }) => ({
    ...readPatients(replies.get('token').access_token),
    title: 'The same token, reading once more',
    why: 'The token is as good as it was; nobody is there to vouch for it.',
    status: 401,
    says: 'login',
  }),
];

function readPatients(token, query = '') {
  return { method: 'GET', url: `/fhir/Patient${query}`, token };
}

function lifetime(fromSeconds = 0) {
  const iat = Math.floor(Date.now() / 1000) + fromSeconds;
  return { iat, exp: iat + HOUR_SECONDS };
}
