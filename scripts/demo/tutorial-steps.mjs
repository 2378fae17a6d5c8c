import { CLIENT } from './openid-provider.mjs';
import { claimsOf, shortAnswer } from './shorten.mjs';
import { tutorialResource } from './tutorial-resources.mjs';

/** Each makes one step of the tutorial, from what earlier steps left in the scene. */
export const tutorialSteps = [
  ({ provider }) => ({
    title: 'The IdentityProvider: who knows the users',
    why: 'Of a user that Wardgate does not know yet, it asks the userinfo endpoint.',
    method: 'PUT',
    url: '/fhir/IdentityProvider/keycloak',
    as: 'root',
    yaml: tutorialResource('identity-provider', provider.origin),
    status: 201,
  }),
  ({ provider }) => ({
    title: 'The TokenIntrospector: which tokens to believe',
    why: 'A JWT of this issuer is verified with the keys that the issuer publishes.',
    method: 'PUT',
    url: '/fhir/TokenIntrospector/keycloak-jwt-introspector',
    as: 'root',
    yaml: tutorialResource('token-introspector', provider.origin),
    status: 201,
  }),
  ({ provider }) => ({
    title: 'The AccessPolicy: what they may do',
    why: 'Nothing is allowed unless a policy allows it. This one asks for the issuer only.',
    method: 'PUT',
    url: '/fhir/AccessPolicy/keycloak-users-policy',
    as: 'root',
    yaml: tutorialResource('access-policy', provider.origin),
    status: 201,
  }),
  ({ provider }) => ({
    title: 'A token for the service account',
    why: 'From the provider, which Wardgate has no part in. Below the answer are the claims.',
    method: 'POST',
    url: provider.tokenEndpoint,
    form: { ...CLIENT, grant_type: 'client_credentials', scope: 'openid profile email' },
    status: 200,
    show: showToken,
    keepAs: 'token',
  }),
  ({ replies }) => ({
    title: 'The first request with it',
    why: 'The signature holds, the User is created on the spot, the policy allows.',
    method: 'GET',
    url: '/fhir/Patient',
    token: replies.get('token').access_token,
    status: 200,
  }),
  ({ provider }) => ({
    title: 'The User that was created',
    why: 'Found by the pair that identifies it: the system of the IdentityProvider, and `sub`.',
    method: 'GET',
    url: '/fhir/User',
    as: 'root',
    status: 200,
    says: provider.subject,
    show: (answer) => showUser(answer, provider.subject),
  }),
];

function showToken(answer) {
  const { access_token: token } = JSON.parse(answer);
  if (token === undefined) return answer;
  return `${shortAnswer(answer)}\n${JSON.stringify(claimsOf(token), undefined, 2)}`;
}

function showUser(answer, subject) {
  const users = (JSON.parse(answer).entry ?? []).map(({ resource }) => resource);
  const created = users.filter(({ identifier = [] }) =>
    identifier.some(({ system, value }) => system === 'keycloak' && value === subject),
  );
  return created.map((user) => JSON.stringify(user, undefined, 2)).join('\n');
}
