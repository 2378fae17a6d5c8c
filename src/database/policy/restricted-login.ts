import type { ClientBase } from 'pg';
import { RELATIONS_SCHEMA } from './policy-login.js';

/**
 * What the login of a connection can do beyond reading the relations of policies. A right that everybody
 * has counts as well.
 */
const EXCESS = `
  SELECT 'is ' || what AS excess
    FROM pg_catalog.pg_roles r,
         LATERAL (VALUES ('a superuser', r.rolsuper), ('able to create roles', r.rolcreaterole),
                         ('able to create databases', r.rolcreatedb),
                         ('able to replicate', r.rolreplication),
                         ('able to bypass row security', r.rolbypassrls)) AS power (what, has)
   WHERE r.rolname = session_user AND power.has
  UNION ALL
  SELECT 'is a member of ' || g.rolname
    FROM pg_catalog.pg_roles g
   WHERE g.rolname <> session_user AND pg_catalog.pg_has_role(session_user, g.oid, 'MEMBER')
  UNION ALL
  SELECT 'has rights on ' || n.nspname || '.' || c.relname
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname NOT LIKE 'pg\\_%'
     AND n.nspname <> 'information_schema'
     -- What an extension shows to everybody holds nothing of ours.
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                        AND d.objid = c.oid AND d.deptype = 'e')
     -- Asked of anything else, the first function fails.
     AND CASE WHEN c.relkind = 'S'
              THEN pg_catalog.has_sequence_privilege(c.oid, 'USAGE, SELECT, UPDATE')
              WHEN n.nspname = '${RELATIONS_SCHEMA}'
              THEN pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
              ELSE pg_catalog.has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
                OR pg_catalog.has_table_privilege(c.oid, 'DELETE, TRUNCATE, TRIGGER') END
  UNION ALL
  SELECT 'may create schemas'
   WHERE pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
  UNION ALL
  SELECT 'may create in the schema ' || n.nspname
    FROM pg_catalog.pg_namespace n
   WHERE n.nspname IN ('pg_catalog', '${RELATIONS_SCHEMA}')
     AND pg_catalog.has_schema_privilege(n.oid, 'CREATE')
  LIMIT 1`;

/** What a statement on this connection could do beyond its purpose, in words; `undefined` for nothing. */
export async function excessOf(client: ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ excess: string }>(EXCESS);
  return rows[0]?.excess;
}
