import { FhirError } from '../../errors/fhir-error.js';
import type { WriteContext } from '../../interactions/resource-rules.js';
import { isLive } from '../../interactions/storage/stored-version.js';

/** Whoever creates such a User decides who gets what was meant for its id: 403 for all but administrators. */
export class UserIdNeedsAdministrator extends FhirError {
  readonly status = 403;

  constructor() {
    super([
      {
        code: 'forbidden',
        diagnostics:
          'A Role or an AccessPolicy names a User of this id already: only an administrator may create it',
        expression: 'User.id',
      },
    ]);
  }
}

/**
 * Lets only administrators create a User whose id a Role or the link of an AccessPolicy names (spec §5: they
 * may be written first), a User that was deleted included: it would be born with what they grant.
 *
 * @throws UserIdNeedsAdministrator
 */
export async function checkUserIdAuthority({
  id,
  previous,
  writer,
  transaction,
}: WriteContext): Promise<void> {
  if (writer.isAdministrator || isLive(previous)) return;
  const rows: unknown[] = await transaction.manager.query(
    `SELECT FROM role WHERE user_id = $1
     UNION ALL
     SELECT FROM access_policy, jsonb_path_query(resource, '$.link[*].reference') AS link,
                 ltrim(link #>> '{}', '/') AS reference
      WHERE split_part(reference, '/', 1) = 'User' AND split_part(reference, '/', 2) = $1
     LIMIT 1`,
    [id],
  );
  if (rows.length > 0) throw new UserIdNeedsAdministrator();
}
