import { randomBytes } from 'node:crypto';
import pg, { type ClientConfig } from 'pg';
import { driverOptions } from '../driver-options.js';
import type { ServerConnection } from '../server-connection.js';
import { scramVerifier } from './scram-verifier.js';

/** The schema of what policies may read. */
export const RELATIONS_SCHEMA = 'policy_relations';

/** Names the lock among all advisory locks of the database; arbitrary, but never to be changed. */
const LOGIN_LOCK = 7_265_143_109;
const INSUFFICIENT_PRIVILEGE = '42501';
const TEMP_FILE_LIMIT = '256MB';
/** Another instance may be at it; one that hangs keeps nobody from starting for ever. */
const PATIENCE_MS = 30_000;

/** The login is there, its password is not known, and the owner may not change it. */
class NotAllowed extends Error {}

/** The login of policies: how to connect, or why there is none. */
export type PolicyLogin =
  | { readonly kind: 'login'; readonly options: ClientConfig }
  | { readonly kind: 'none'; readonly why: string };

/**
 * Makes sure that there is a login that can read the relations of policies and nothing else. All instances
 * on one database share it: its password lies in a table that only the owner of the database can read.
 *
 * @param configured a login that an administrator has made; it is given the right to read the relations
 * @throws Error when the database cannot be asked.
 */
export async function providePolicyLogin(
  connection: ServerConnection,
  configured: string | undefined,
): Promise<PolicyLogin> {
  const owner = new pg.Client({
    ...driverOptions(connection),
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  });
  // An error that nobody listens to ends the process; what is asked next fails by it.
  owner.on('error', () => undefined);
  await owner.connect();
  try {
    await owner.query('BEGIN');
    await owner.query('SELECT pg_advisory_xact_lock($1)', [LOGIN_LOCK]);
    const login =
      configured === undefined ? await ownLogin(owner) : await givenLogin(owner, configured);
    await owner.query('COMMIT');
    return login;
  } catch (error) {
    if (!isInsufficientPrivilege(error) && !(error instanceof NotAllowed)) throw error;
    return {
      kind: 'none',
      why: 'the database user may not create roles, or not change the one there is',
    };
  } finally {
    await owner.end();
  }
}

async function ownLogin(owner: pg.Client): Promise<PolicyLogin> {
  const role = await roleOfDatabase(owner);
  const password = await ensureRole(owner, role, await storedPassword(owner, role));
  await withdrawFromOthers(owner, role);
  await grantRelations(owner, role);
  return {
    kind: 'login',
    options: {
      host: owner.host,
      port: owner.port,
      user: role,
      password,
      ...(owner.database === undefined ? {} : { database: owner.database }),
      ssl: owner.ssl,
    },
  };
}

/** One role a database: roles belong to the whole server, on which there may be other Wardgates. */
async function roleOfDatabase(owner: pg.Client): Promise<string> {
  const { rows } = await owner.query<{ role: string }>(
    `SELECT 'wardgate_policy_' || oid AS role FROM pg_database WHERE datname = current_database()`,
  );
  const [row] = rows;
  if (!row) throw new Error('The database does not know itself');
  return row.role;
}

async function exists(owner: pg.Client, role: string): Promise<boolean> {
  const { rowCount } = await owner.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  return rowCount === 1;
}

async function storedPassword(owner: pg.Client, role: string): Promise<string | undefined> {
  const { rows } = await owner.query<{ password: string }>(
    'SELECT password FROM policy_login WHERE id = 1 AND role_name = $1',
    [role],
  );
  return rows[0]?.password;
}

/**
 * Makes the role, or gives it the stored password again: where a dump came from, a database may have had the
 * same oid and therefore a role of the same name and another password.
 *
 * @returns its password
 */
async function ensureRole(
  owner: pg.Client,
  role: string,
  stored: string | undefined,
): Promise<string> {
  const password = stored ?? randomBytes(24).toString('hex');
  const name = pg.escapeIdentifier(role);
  const verifier = pg.escapeLiteral(scramVerifier(password));
  if (await exists(owner, role)) {
    // What else it may do is not named, as only a superuser may name all of it; see restricted-login.ts.
    const alter = `ALTER ROLE ${name} LOGIN PASSWORD ${verifier}`;
    const isAltered = await isAllowed(owner, alter);
    if (!isAltered && stored === undefined) throw new NotAllowed();
  } else {
    await owner.query(
      `CREATE ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS
         PASSWORD ${verifier}`,
    );
  }
  await isAllowed(owner, `ALTER ROLE ${name} SET default_transaction_read_only = on`);
  // Only a superuser, or who was given that right, may bound what its sorting takes of the disk.
  await isAllowed(owner, `ALTER ROLE ${name} SET temp_file_limit = '${TEMP_FILE_LIMIT}'`);
  if (stored === undefined) {
    await owner.query(
      `INSERT INTO policy_login (id, role_name, password) VALUES (1, $1, $2)
       ON CONFLICT (id) DO UPDATE SET role_name = excluded.role_name, password = excluded.password`,
      [role, password],
    );
  }
  return password;
}

/** Carries out a statement if the owner may; without the right nothing happens. */
async function isAllowed(owner: pg.Client, statement: string): Promise<boolean> {
  await owner.query('SAVEPOINT allowed');
  try {
    await owner.query(statement);
    return true;
  } catch (error) {
    if (!isInsufficientPrivilege(error)) throw error;
    await owner.query('ROLLBACK TO SAVEPOINT allowed');
    return false;
  }
}

/** A dump that was restored brings the rights of another database's role. */
async function withdrawFromOthers(owner: pg.Client, role: string): Promise<void> {
  const { rows } = await owner.query<{ role: string }>(
    `SELECT DISTINCT r.rolname AS role
       FROM pg_namespace n, aclexplode(n.nspacl) a JOIN pg_roles r ON r.oid = a.grantee
      WHERE n.nspname = $1 AND r.rolname <> $2 AND r.rolname ~ '^wardgate_policy_[0-9]+$'`,
    [RELATIONS_SCHEMA, role],
  );
  for (const other of rows) {
    const name = pg.escapeIdentifier(other.role);
    await owner.query(`REVOKE ALL ON ALL TABLES IN SCHEMA ${RELATIONS_SCHEMA} FROM ${name}`);
    await owner.query(`REVOKE ALL ON SCHEMA ${RELATIONS_SCHEMA} FROM ${name}`);
  }
}

async function grantRelations(owner: pg.Client, role: string): Promise<void> {
  const { rows } = await owner.query<{ lacking: boolean }>(
    `SELECT NOT has_schema_privilege($1, n.oid, 'USAGE')
         OR bool_or(NOT has_table_privilege($1, c.oid, 'SELECT')) AS lacking
       FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'v'
      WHERE n.nspname = $2 GROUP BY n.oid`,
    [role, RELATIONS_SCHEMA],
  );
  if (rows.every(({ lacking }) => !lacking)) return;
  const name = pg.escapeIdentifier(role);
  await owner.query(`GRANT USAGE ON SCHEMA ${RELATIONS_SCHEMA} TO ${name}`);
  await owner.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${RELATIONS_SCHEMA} TO ${name}`);
}

async function givenLogin(owner: pg.Client, url: string): Promise<PolicyLogin> {
  const options = { connectionString: url };
  const { user } = new pg.Client(options);
  if (user !== undefined && user !== owner.user && (await exists(owner, user))) {
    await grantRelations(owner, user);
  }
  return { kind: 'login', options };
}

function isInsufficientPrivilege(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === INSUFFICIENT_PRIVILEGE;
}
