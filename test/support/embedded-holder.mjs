import { startEmbeddedPostgres } from '../../dist/src/database/embedded/embedded-postgres.js';

// A process that holds an embedded database for a spec, which may then kill it. The outcome is sent
// to the parent; the process ends with it.
process.on('disconnect', () => process.exit());

const log = { info() {}, warn() {}, error() {} };
try {
  const { connection } = await startEmbeddedPostgres({ dataDir: process.argv[2], log });
  process.send({ connection });
} catch (error) {
  process.send({ refused: `${error.name}: ${error.message}` });
}
