import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ROOT } from './install.mjs';

const STAMP = join(ROOT, 'dist/.sources');
const SOURCES = ['src', 'migrations'];
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/**
 * Compiles the sources into `dist` unless that was done for exactly these sources before. A folder
 * without sources, as in a container image, is taken as it is.
 *
 * @param {{ typeErrors: 'refuse' | 'warn' }} options whether a program with type errors may be run
 */
export function ensureBuilt({ typeErrors }) {
  if (!existsSync(join(ROOT, 'src'))) return;
  const sources = fingerprint();
  if (sources === readStamp()) return;
  process.stderr.write('Compiling …\n');
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const incremental = ['--incremental', '--tsBuildInfoFile', join(ROOT, 'dist/.tsbuildinfo')];
  const { status } = spawnSync(
    process.execPath,
    [compiler, '-p', join(ROOT, 'tsconfig.build.json'), ...incremental],
    // Standard output is the program's own.
    { cwd: ROOT, stdio: ['inherit', 2, 2] },
  );
  if (status === 0) writeFileSync(STAMP, sources);
  else if (typeErrors === 'refuse')
    fail('The sources do not compile; the compiler says above why.');
  else process.stderr.write('The sources have type errors; going on with what was compiled.\n');
}

/** Depends on names and contents, not on times, which a checkout changes. */
function fingerprint() {
  const files = SOURCES.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true })
      .filter((name) => /\.(ts|json)$/.test(name) && !/\.spec\.ts$/.test(name))
      .map((name) => join(folder, name)),
  );
  const hash = createHash('sha256');
  for (const file of [...files, ...SETTINGS].sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function readStamp() {
  return existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : undefined;
}
