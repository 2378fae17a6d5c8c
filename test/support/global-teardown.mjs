import { rm } from 'node:fs/promises';
import pg from 'pg';

/** Runs once after the e2e specs: stops the server that was started for them, or cleans up another. */
async function stopTestServer() {
  const { server, folder } = globalThis.wardgateTestServer ?? {};
  if (server) {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
    return;
  }
  const { WARDGATE_TEST_SERVER_URL: url, WARDGATE_TEST_TEMPLATE: template } = process.env;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
  await client.end();
}

export { stopTestServer as default };
