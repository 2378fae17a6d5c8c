import type { Json, ParsedBody } from '../interactions/formats/json.js';
import { ReferenceForms } from '../interactions/references/reference-forms.js';
import type { RouteFamily } from '../interactions/resource-rules.js';
import { ACCESS_POLICY_REFERENCES } from '../resources/access-policy/access-policy.definition.js';
import { CLIENT_REFERENCES } from '../resources/client/client.definition.js';
import { ROLE_REFERENCES } from '../resources/role/role.definition.js';
import { INTROSPECTOR_REFERENCES } from '../resources/token-introspector/token-introspector.definition.js';
import { USER_REFERENCES } from '../resources/user/user.definition.js';

const REFERENCES = new ReferenceForms({
  AccessPolicy: ACCESS_POLICY_REFERENCES,
  Client: CLIENT_REFERENCES,
  IdentityProvider: [],
  Role: ROLE_REFERENCES,
  TokenIntrospector: INTROSPECTOR_REFERENCES,
  User: USER_REFERENCES,
});

/**
 * A resource as policies see it: its references in the form of the route family (spec §7, request
 * object), so that nobody chooses by the form in which they write one what a policy finds.
 *
 * @param type that the route says; undefined where the body says it itself
 * @throws InvalidResource (422) for each reference whose two forms disagree.
 */
export function inFamilyFormat(body: ParsedBody, family: RouteFamily, type?: string): Json {
  switch (family) {
    case 'fhir':
      return REFERENCES.toFhirForm(body, type).value;
    case 'plain':
      return REFERENCES.toResourceTypeForm(body, type).value;
  }
}
