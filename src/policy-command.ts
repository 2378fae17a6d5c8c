import { writeFile } from 'node:fs/promises';
import 'reflect-metadata';
import type { SearchReach } from './access/included-types.js';
import { RoutedRequests } from './access/designing/known-requests.js';
import { registeredRoutes } from './access/routes/registered-routes.js';
import { RouteFinder } from './access/routes/route-finder.js';
import { controllersOf } from './app.controllers.js';
import { AppModule } from './app.module.js';
import { relationsOf, SERVED_TYPES } from './app.types.js';
import type { AppConfig } from './config/app-config.js';
import { ConfigError } from './config/config-error.js';
import { readConfig } from './config/read-config.js';
import { r4SearchDefinitions } from './fhir/definitions/r4-search-definitions.js';
import { DEFAULT_BODY_LIMITS } from './interactions/formats/body-limits.js';
import { reachedTypes } from './interactions/search/query/reached-types.js';
import type { KnownServer } from './policy-testing/check-policy.js';
import { CommandError } from './command-line/command-error.js';
import {
  parseCommandLine,
  USAGE,
  type ReportFormat,
  type TestCommand,
} from './policy-testing/command-line.js';
import { errorCode } from './command-line/error-code.js';
import { jsonReport } from './policy-testing/json-report.js';
import { junitReport } from './policy-testing/junit-report.js';
import { printable } from './command-line/printable.js';
import type { Report } from './policy-testing/report.js';
import { testPolicies } from './policy-testing/test-policies.js';
import { textReport } from './policy-testing/text-report.js';
import { PostgresParser } from './resources/access-policy/sql/postgres-parser.js';

/** Of a file: it may hold several documents, while the body of a request holds one. */
const MAX_YAML_BYTES = 2 * 1024 * 1024;

const PASSED = 0;
const FAILED = 1;
const UNUSABLE = 2;

/** Tests the policies of files; opens no port and no database. */
async function main(): Promise<number> {
  const command = parseCommandLine(process.argv.slice(2));
  if (!command) {
    await print(USAGE);
    return PASSED;
  }
  const config = readConfig();
  const report = await testPolicies(command.paths, {
    server: await knownServer(config),
    limits: {
      ...DEFAULT_BODY_LIMITS,
      maxBytes: config.web.maxBodyBytes,
      maxYamlBytes: MAX_YAML_BYTES,
    },
    otherTypes: new Set(SERVED_TYPES),
    isStrict: command.isStrict,
  });
  await publish(report, command);
  return report.isPassed ? PASSED : FAILED;
}

/** The routes and settings of the server that would be started here. */
async function knownServer(config: AppConfig): Promise<KnownServer> {
  // Modules are only looked at, so that no database is asked for.
  const app = AppModule.configure(config, { url: 'postgres://localhost/none' });
  const routes = new RouteFinder(registeredRoutes(controllersOf(app)), searchReach(config));
  const parser = await PostgresParser.load();
  const { relations, whyOthersAreMissing } = relationsOf(config);
  return {
    requests: new RoutedRequests(routes, config.security.isAdministrationStrict),
    sql: {
      relations: new Set(relations),
      whyOthersAreMissing,
      parse: (text) => parser.parse(text),
    },
  };
}

/** Where searches lead, by the parameters of R4. */
function searchReach({ web }: AppConfig): SearchReach {
  const context = { definitions: r4SearchDefinitions(), baseUrl: `${web.baseUrl}/fhir` };
  return { typesReachedBy: (query, types) => reachedTypes(query, types, context) };
}

async function publish(report: Report, { format, output }: TestCommand): Promise<void> {
  if (output === undefined) return print(rendered(report, format));
  try {
    await writeFile(output, rendered(report, format));
  } catch (error) {
    throw new CommandError(`${output} cannot be written (${errorCode(error) ?? String(error)})`);
  }
  return print(textReport(report));
}

function rendered(report: Report, format: ReportFormat): string {
  switch (format) {
    case 'text':
      return textReport(report);
    case 'json':
      return jsonReport(report);
    case 'junit':
      return junitReport(report);
  }
}

/** Waits until all is written, since the process ends then. */
function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    // Whoever reads no further has seen enough.
    process.stdout.on('error', () => resolve());
    process.stdout.write(text, () => resolve());
  });
}

function explained(error: unknown): string {
  if (error instanceof CommandError) return `${printable(error.message)}\n\n${USAGE}`;
  if (error instanceof ConfigError) return `${error.message}\n`;
  return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(explained(error), () => process.exit(UNUSABLE));
  },
);
