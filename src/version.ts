import { readFileSync } from 'node:fs';

/** Version of Wardgate, as its package names it. */
export const VERSION: string = readVersion();

function readVersion(): string {
  // Two levels up from both src/ and dist/src/ only differ in dist/; the nearest package.json counts.
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const { version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
        version: string;
      };
      return version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
