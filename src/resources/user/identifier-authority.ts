import { FhirError } from '../../errors/fhir-error.js';
import type { WriteContext } from '../../interactions/resource-rules.js';
import { isLive } from '../../interactions/storage/stored-version.js';
import type { JsonObject } from '../../policy/json.js';
import { identifiersOf, isSameIdentifier } from './user-identifier.js';

/** Whoever adds such an identifier decides who may sign in as the User: 403 for all but administrators. */
export class IdentifierNeedsAdministrator extends FhirError {
  readonly status = 403;

  constructor(system: string) {
    super([
      {
        code: 'forbidden',
        diagnostics: `Only an administrator may let tokens of ${JSON.stringify(system)} speak for an existing User`,
        expression: 'User.identifier',
      },
    ]);
  }
}

/**
 * Lets only administrators add an identifier of an IdentityProvider's system to a User that exists
 * (spec §3.7), of an inactive one too, because its Users are still found. A User that was deleted
 * counts: its Roles and policies may still name its id.
 *
 * @throws IdentifierNeedsAdministrator
 */
export async function checkIdentifierAuthority(
  user: JsonObject,
  { previous, writer, transaction }: WriteContext,
): Promise<void> {
  if (previous === undefined || writer.isAdministrator) return;
  const known = isLive(previous) ? identifiersOf(JSON.parse(previous.text) as JsonObject) : [];
  const added = identifiersOf(user).filter(
    (identifier) => !known.some((other) => isSameIdentifier(identifier, other)),
  );
  if (added.length === 0) return;
  const rows: { system: string }[] = await transaction.manager.query(
    'SELECT system FROM identity_provider WHERE system = ANY($1) ORDER BY system',
    [added.map(({ system }) => system)],
  );
  if (rows[0]) throw new IdentifierNeedsAdministrator(rows[0].system);
}
