/** One table a type of system resource; what the database must enforce is derived from the JSON itself. */
const SYSTEM_TABLES = [
    {
        table: 'access_policy',
        type: 'AccessPolicy',
        columns: `
      engine text GENERATED ALWAYS AS (resource ->> 'engine') STORED,
      -- A matcho policy without a pattern would match every request.
      CONSTRAINT access_policy_matcho_ck
        CHECK ((resource ->> 'engine' = 'matcho') = (resource ? 'matcho')),
      CONSTRAINT access_policy_schema_ck
        CHECK ((resource ->> 'engine' = 'json-schema') = (resource ? 'schema')),
      CONSTRAINT access_policy_engine_ck CHECK (resource ? 'engine')`,
    },
    {
        table: 'token_introspector',
        type: 'TokenIntrospector',
        columns: `
      type text GENERATED ALWAYS AS (resource ->> 'type') STORED,
      CONSTRAINT token_introspector_kind_ck
        CHECK (resource ->> 'type' IN ('jwt', 'opaque', 'aspxauth'))`,
    },
    {
        table: 'identity_provider',
        type: 'IdentityProvider',
        columns: `
      system text GENERATED ALWAYS AS (resource ->> 'system') STORED,
      active boolean GENERATED ALWAYS AS (coalesce((resource ->> 'active')::boolean, true)) STORED`,
    },
    {
        table: 'role',
        type: 'Role',
        columns: `
      name text GENERATED ALWAYS AS (resource ->> 'name') STORED,
      user_id text GENERATED ALWAYS AS (split_part(resource #>> '{user,reference}', '/', 2)) STORED,
      CONSTRAINT role_name_ck CHECK (resource ->> 'name' <> ''),
      CONSTRAINT role_user_ck CHECK (resource #>> '{user,reference}' LIKE 'User/_%')`,
    },
    {
        table: 'client',
        type: 'Client',
        columns: `
      active boolean GENERATED ALWAYS AS (coalesce((resource ->> 'active')::boolean, true)) STORED`,
    },
    {
        table: 'user',
        type: 'User',
        columns: `
      user_name text GENERATED ALWAYS AS (resource ->> 'userName') STORED,
      email text GENERATED ALWAYS AS (resource ->> 'email') STORED,
      inactive boolean GENERATED ALWAYS AS (coalesce((resource ->> 'inactive')::boolean, false)) STORED`,
    },
];
/** Resources, their previous versions, and the log by which instances learn of changed configuration. */
export class CreateResources1795300100000 {
    name = 'CreateResources1795300100000';
    async up(runner) {
        await createClinicalTables(runner);
        for (const { table, type, columns } of SYSTEM_TABLES) {
            await createSystemTable(runner, table, type, columns);
        }
        await createHistoryTable(runner, 'system_resource_history');
        await createUniqueness(runner);
        await createChangeLog(runner);
    }
    async down(runner) {
        await runner.query('DROP TABLE first_start, configuration_change, user_identifier');
        await runner.query('DROP TABLE system_resource_history, clinical_resource_history');
        for (const { table } of SYSTEM_TABLES)
            await runner.query(`DROP TABLE "${table}"`);
        await runner.query('DROP TABLE clinical_resource');
    }
}
async function createClinicalTables(runner) {
    await runner.query(`
    CREATE TABLE clinical_resource (
      resource_type text COLLATE "C" NOT NULL,
      id            text COLLATE "C" NOT NULL,
      version_id    bigint NOT NULL,
      created_at    timestamptz(3) NOT NULL,
      last_updated  timestamptz(3) NOT NULL,
      method        text NOT NULL,
      resource      jsonb NOT NULL,
      CONSTRAINT clinical_resource_pk PRIMARY KEY (resource_type, id),
      CONSTRAINT clinical_resource_id_ck CHECK (id ~ '^[A-Za-z0-9.-]{1,64}$'),
      CONSTRAINT clinical_resource_method_ck CHECK (method IN ('POST', 'PUT', 'PATCH'))
    )`);
    await runner.query(`
    CREATE INDEX clinical_resource_identifier_ix
      ON clinical_resource USING gin ((resource -> 'identifier') jsonb_path_ops)`);
    await runner.query(`
    CREATE INDEX clinical_resource_last_updated_ix
      ON clinical_resource (resource_type, last_updated)`);
    await createHistoryTable(runner, 'clinical_resource_history');
}
async function createSystemTable(runner, table, type, columns) {
    await runner.query(`
    CREATE TABLE "${table}" (
      resource_type text COLLATE "C" NOT NULL DEFAULT '${type}',
      id            text COLLATE "C" NOT NULL,
      version_id    bigint NOT NULL,
      created_at    timestamptz(3) NOT NULL,
      last_updated  timestamptz(3) NOT NULL,
      method        text NOT NULL,
      -- As it may be shown: secrets are masked here and kept beside it.
      resource      jsonb NOT NULL,
      secrets       jsonb NOT NULL DEFAULT '{}',
      ${columns},
      CONSTRAINT ${table}_pk PRIMARY KEY (id),
      CONSTRAINT ${table}_type_ck CHECK (resource_type = '${type}'),
      CONSTRAINT ${table}_id_ck CHECK (id ~ '^[A-Za-z0-9.-]{1,64}$'),
      CONSTRAINT ${table}_method_ck CHECK (method IN ('POST', 'PUT', 'PATCH'))
    )`);
}
async function createHistoryTable(runner, table) {
    await runner.query(`
    CREATE TABLE ${table} (
      resource_type text COLLATE "C" NOT NULL,
      id            text COLLATE "C" NOT NULL,
      version_id    bigint NOT NULL,
      created_at    timestamptz(3) NOT NULL,
      last_updated  timestamptz(3) NOT NULL,
      method        text NOT NULL,
      resource      jsonb,
      CONSTRAINT ${table}_pk PRIMARY KEY (resource_type, id, version_id),
      CONSTRAINT ${table}_method_ck CHECK (method IN ('POST', 'PUT', 'PATCH', 'DELETE')),
      CONSTRAINT ${table}_deletion_ck CHECK ((method = 'DELETE') = (resource IS NULL))
    )`);
}
async function createUniqueness(runner) {
    await runner.query('CREATE UNIQUE INDEX user_user_name_uq ON "user" (lower(user_name))');
    await runner.query('CREATE UNIQUE INDEX user_email_uq ON "user" (lower(email))');
    // Two active providers of one system could each vouch for the other's users.
    await runner.query('CREATE UNIQUE INDEX identity_provider_system_uq ON identity_provider (system) WHERE active');
    await runner.query('CREATE INDEX role_user_ix ON role (user_id)');
    await runner.query(`
    CREATE TABLE user_identifier (
      system  text NOT NULL,
      value   text NOT NULL,
      user_id text COLLATE "C" NOT NULL,
      -- One User per (system, subject), whatever the number of requests and instances.
      CONSTRAINT user_identifier_pk PRIMARY KEY (system, value),
      CONSTRAINT user_identifier_user_fk FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
    )`);
    await runner.query('CREATE INDEX user_identifier_user_ix ON user_identifier (user_id)');
}
async function createChangeLog(runner) {
    await runner.query(`
    CREATE TABLE configuration_change (
      revision      bigint NOT NULL,
      resource_type text NOT NULL,
      id            text NOT NULL,
      at            timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT configuration_change_pk PRIMARY KEY (revision)
    )`);
    await runner.query(`
    CREATE TABLE first_start (
      resource_type text NOT NULL,
      id            text NOT NULL,
      CONSTRAINT first_start_pk PRIMARY KEY (resource_type, id)
    )`);
}
