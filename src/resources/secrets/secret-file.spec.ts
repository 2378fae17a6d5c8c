import { tmpdir } from 'node:os';
import { readSecretFile } from './secret-file.js';

describe('the file of a secret', () => {
  it.each(['/dev/zero', tmpdir()])('is no device and no folder: %s', async (path) => {
    await expect(readSecretFile(path)).rejects.toThrow('it is no regular file');
  });
});
