import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { MadeSecret, MadeSecrets } from './access/first-start/first-start.js';
import type { AppConfig } from './config/app-config.js';
import { DOCS_PATH } from './swagger.js';

/**
 * Says on standard output where Wardgate listens and how to call it. A secret that this start made is shown
 * to a person at a terminal only, because a log would keep it; its file is named in any case.
 */
export function printWelcome(config: AppConfig, made: MadeSecrets, isTerminal: boolean): void {
  const { baseUrl, host, port, isDocsPublic } = config.web;
  const { rootClientId, adminId } = config.firstStart;
  const lines = [
    `Wardgate listens on ${host.includes(':') ? `[${host}]` : host}:${port}`,
    ...(isDocsPublic ? [`  API docs   ${baseUrl}/${DOCS_PATH}`] : []),
    `  Try it     curl -u "${rootClientId}:${secretInShell(config)}" ${baseUrl}/fhir/Patient`,
    ...secretLine(`Client ${rootClientId}`, made.rootClient, isTerminal),
    ...secretLine(`User ${adminId}`, made.admin, isTerminal),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The words that put the root Client's secret into a command, as long as its file is there. */
function secretInShell({ firstStart, runtime }: AppConfig): string {
  if (firstStart.rootClientSecret !== undefined) return '$BOX_ROOT_CLIENT_SECRET';
  const path = resolve(runtime.dataDir, 'root-client-secret');
  if (!existsSync(path)) return '<secret>';
  return `$(cat '${path.replaceAll("'", String.raw`'\''`)}')`;
}

function secretLine(
  owner: string,
  made: MadeSecret | undefined,
  isTerminal: boolean,
): readonly string[] {
  if (!made) return [];
  const path = resolve(made.path);
  const shown = isTerminal ? `${made.secret}  (kept in ${path})` : `kept in ${path}`;
  return [`  ${owner}: secret made at this first start, ${shown}`];
}
