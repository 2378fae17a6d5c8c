/** Section of the routes of system resources that are spelt without `/fhir`. */
export const PLAIN_TAG = 'System resources without /fhir';

/** Sections of the description of the API, in the order of the page. */
export const DESCRIBED_TAGS: readonly (readonly [string, string])[] = [
  ['TokenIntrospector', 'Which foreign tokens are trusted, and by what proof'],
  ['IdentityProvider', 'Who knows the users behind those tokens'],
  ['User', 'Who may be authenticated'],
  ['Role', 'What a User is, for policies to refer to'],
  ['Client', 'Applications that authenticate as themselves'],
  ['AccessPolicy', 'What is allowed; nothing else is'],
  ['Designing policies', 'Try and explain policies; for administrators'],
  ['Administration', 'What operators do; for administrators'],
  ['AuthZEN', 'The decision point for other services: OpenID AuthZEN 1.0'],
  ['FHIR', 'Clinical resources: every type of FHIR R4'],
  ['Health', 'For orchestrators, load balancers and monitoring'],
  [PLAIN_TAG, 'The same handlers; references are answered as {resourceType, id}'],
];
