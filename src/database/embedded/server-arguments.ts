import type { AuthenticationFiles } from './authentication.js';
import type { Binaries } from './binaries.js';
import type { DataFolder } from './data-folder.js';
import { SOCKET_PORT } from './socket-folder.js';

/** What one run of the server needs to know. */
export interface ServerSettings {
  readonly binaries: Binaries;
  readonly folder: DataFolder;
  /** Folder of the socket, which is the only way in. */
  readonly socketFolder: string;
  readonly authentication: AuthenticationFiles;
}

/** The command line of the server; it holds for any data folder, whatever its own files say. */
export function serverArguments(settings: ServerSettings): string[] {
  const { folder, socketFolder, authentication } = settings;
  const parameters: Record<string, string> = {
    listen_addresses: '',
    port: String(SOCKET_PORT),
    // The value is a list, in which a quoted element may hold commas.
    unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    hba_file: authentication.hba,
    ident_file: authentication.ident,
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: '',
    log_checkpoints: 'off',
    // Errors of statements are Wardgate's to report; with their details they would show stored values.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
  };
  const options = Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', folder.path, ...options];
}
