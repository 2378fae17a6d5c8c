import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { findFiles } from './find-files.js';

const EXTENSIONS = new Set(['.yaml', '.yml', '.json']);

describe('findFiles', () => {
  let home: string;
  let root: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'wardgate-files-'));
    root = join(home, 'policies');
    mkdirSync(root);
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  function write(...names: readonly string[]): void {
    for (const name of names) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), '');
    }
  }
  const found = async (...names: readonly string[]): Promise<readonly string[]> => {
    const files = await findFiles(
      names.map((name) => join(root, name)),
      EXTENSIONS,
    );
    return files.map(({ path, problem }) =>
      problem === undefined ? relative(root, path) : `${relative(root, path)} ${problem}`,
    );
  };

  it('finds YAML and JSON at every depth, in the order of names', async () => {
    write('b.yaml', 'a.yml', 'c/d/e.json', 'c.txt', 'README.md', 'Z.yaml');

    await expect(found('.')).resolves.toEqual(['Z.yaml', 'a.yml', 'b.yaml', 'c/d/e.json']);
  });

  it('passes over what is hidden, and packages', async () => {
    write('.git/a.yaml', '.b.yaml', 'node_modules/p/c.json', 'd.yaml');

    await expect(found('.')).resolves.toEqual(['d.yaml']);
  });

  it('takes a file that is named, whatever it is called', async () => {
    write('.hidden/policies.txt', 'a.yaml');

    await expect(found('.hidden/policies.txt')).resolves.toEqual(['.hidden/policies.txt']);
  });

  it('names each once, though several names lead to it', async () => {
    write('a/b.yaml');
    symlinkSync('a', join(root, 'z'));
    symlinkSync('a/b.yaml', join(root, 'y.yaml'));

    await expect(found('.', 'a', 'a/b.yaml')).resolves.toEqual(['a/b.yaml']);
  });

  it('follows links within the folder, also to what is hidden', async () => {
    write('..data/p.yaml');
    symlinkSync('..data/p.yaml', join(root, 'p.yaml'));

    await expect(found('.')).resolves.toEqual(['p.yaml']);
  });

  it('comes to an end where folders hold themselves', async () => {
    write('a/b.yaml');
    symlinkSync('..', join(root, 'a/loop'));
    symlinkSync('circle', join(root, 'circle'));

    await expect(found('.')).resolves.toEqual([
      'a/b.yaml',
      'circle is a link that leads nowhere (ELOOP)',
    ]);
  });

  it('tells of links that lead out of the folder, or nowhere', async () => {
    mkdirSync(join(home, 'policies-of-others'));
    writeFileSync(join(home, 'policies-of-others/x.yaml'), '');
    writeFileSync(join(home, 'notes.md'), '');
    write('a.yaml');
    symlinkSync('../policies-of-others', join(root, 'folder'));
    symlinkSync('../policies-of-others/x.yaml', join(root, 'file.yaml'));
    symlinkSync('../notes.md', join(root, 'notes.md'));
    symlinkSync('gone', join(root, 'nowhere'));

    await expect(found('.')).resolves.toEqual([
      'a.yaml',
      'file.yaml is a link that leads out of the folder; name its target',
      'folder is a link that leads out of the folder; name its target',
      'nowhere is a link that leads nowhere (ENOENT)',
    ]);
  });

  it('does not open what is no file', async () => {
    write('a.yaml');
    execFileSync('mkfifo', [join(root, 'pipe.yaml'), join(root, 'pipe')]);

    await expect(found('.')).resolves.toEqual([
      'a.yaml',
      'pipe.yaml is neither a file nor a folder',
    ]);
    await expect(found('pipe')).resolves.toEqual(['pipe is neither a file nor a folder']);
  });

  it('goes no deeper than 32 folders', async () => {
    const deep = Array<string>(31).fill('d').join('/');
    write(`${deep}/a.yaml`, `${deep}/d/b.yaml`, `${deep}/d/d/c.yaml`);

    await expect(found('.')).resolves.toEqual([
      `${deep}/a.yaml`,
      `${deep}/d/b.yaml`,
      `${deep}/d/d is more than 32 folders deep`,
    ]);
  });

  it('takes no more files than it can hold', async () => {
    for (let at = 0; at < 10_000; at += 1) writeFileSync(join(root, `${at}.yaml`), '');
    await expect(found('.')).resolves.toHaveLength(10_000);
    write('z.yaml');
    await expect(found('.')).rejects.toThrow('more than 10000 files');
  });

  it('refuses a name that leads nowhere', async () => {
    await expect(found('gone')).rejects.toThrow('gone cannot be found (ENOENT)');
  });
});
