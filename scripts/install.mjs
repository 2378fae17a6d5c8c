import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const MINIMUM_NODE = [20, 19];

/**
 * Installs the dependencies exactly as locked when they are missing or others; needs the network only
 * then. Ends the process with a sentence when Node.js is too old or the installation fails.
 */
export function ensureInstalled() {
  requireNode(process.versions.node);
  if (isInstalled(readLock('package-lock.json'), readLock('node_modules/.package-lock.json')))
    return;
  process.stderr.write('Installing dependencies (npm ci), which takes a minute …\n');
  const { status } = runNpm(['ci', '--include=dev', '--no-audit', '--no-fund']);
  if (status !== 0) fail('The dependencies could not be installed; npm says above why.');
}

/**
 * Whether every locked package that this platform needs is there in the locked version. npm writes its
 * own list into node_modules last, so that an interrupted installation does not count.
 */
export function isInstalled(locked, installed) {
  if (!locked || !installed) return false;
  const isBuilt = existsSync(join(ROOT, 'dist/src/main.js'));
  return Object.entries(locked.packages).every(([path, { version, optional, dev }]) => {
    if (path === '') return true;
    const present = installed.packages[path];
    if (!present)
      return Boolean(optional) || (Boolean(dev) && isBuilt && !existsSync(join(ROOT, 'src')));
    return present.version === version;
  });
}

/** Ends the process with a sentence when this Node.js cannot run Wardgate. */
export function requireNode(version) {
  const [major, minor] = version.split('.').map(Number);
  const [needMajor, needMinor] = MINIMUM_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  fail(`Wardgate needs Node.js ${needMajor}.${needMinor} or newer; this is ${version}.`);
}

/** Writes a sentence to the terminal and ends the process as failed. */
export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
  } catch {
    return undefined;
  }
}

function runNpm(commandLine) {
  // Standard output is the program's own.
  const options = { cwd: ROOT, stdio: ['inherit', 2, 2] };
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('npm-cli.js'))
    return spawnSync(process.execPath, [npm, ...commandLine], options);
  return spawnSync('npm', commandLine, { ...options, shell: process.platform === 'win32' });
}
