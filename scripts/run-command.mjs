import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, ROOT } from './install.mjs';

/** The command cannot be carried out; 1 says that it was, and that something failed. */
const UNUSABLE = 2;

/** Installs and builds what is missing and runs a command of dist/src in this very process. */
export async function runCommand(module) {
  const unprepared = () => {
    process.exitCode = UNUSABLE;
  };
  process.once('exit', unprepared);
  ensureInstalled();
  ensureBuilt({ typeErrors: 'refuse' });
  process.off('exit', unprepared);
  process.setSourceMapsEnabled(true);

  // npm goes to the folder of this package; the names on the command line are those of the caller.
  const isRunByNpm = process.env.npm_package_json === join(ROOT, 'package.json');
  if (isRunByNpm && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);

  await import(pathToFileURL(join(ROOT, 'dist/src', module)).href);
}
