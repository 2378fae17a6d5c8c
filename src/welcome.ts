import type { AppConfig } from './config/app-config.js';
import type { MadeSecrets } from './access/first-start/first-start.js';
import { DOCS_PATH } from './swagger.js';

/**
 * Says on standard output where Wardgate listens and how to call it. Secrets that the first start made are
 * shown to a person at a terminal only; a log would keep them.
 */
export function printWelcome(config: AppConfig, made: MadeSecrets): void {
  const { baseUrl, host, port, isDocsPublic } = config.web;
  const lines = [
    `Wardgate listens on ${host}:${port}, base URL ${baseUrl}`,
    ...(isDocsPublic ? [`Docs:  ${baseUrl}/${DOCS_PATH}`] : []),
    `Call:  curl -u "${config.firstStart.rootClientId}:${secretHint(made)}" ${baseUrl}/fhir/Patient`,
    ...madeLines(made),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
