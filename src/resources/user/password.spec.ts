import { hashPassword, isPasswordHash, verifyPassword } from './password.js';

/** Made by another implementation of the format, of the password `secret`. */
const FOREIGN = '$s0$e0801$epIxT/h6HbbwHaehFnh/bw==$7H0vsXlY8UxxyW/BWx/9GuY7jEvGjT71GFd6O4SZND0=';

describe('passwords', () => {
  it('are verified against their own hash only', async () => {
    const hash = await hashPassword('correct horse');

    expect(isPasswordHash(hash)).toBe(true);
    expect(hash).not.toContain('correct');
    await expect(verifyPassword('correct horse', hash)).resolves.toBe(true);
    await expect(verifyPassword('correct horsf', hash)).resolves.toBe(false);
  });

  it('are hashed with a salt of their own', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  it('are verified against hashes of other implementations', async () => {
    await expect(verifyPassword('secret', FOREIGN)).resolves.toBe(true);
    await expect(verifyPassword('Secret', FOREIGN)).resolves.toBe(false);
  });

  it.each([
    ['plain text', 'secret'],
    ['another version', FOREIGN.replace('$s0$', '$s1$')],
    ['a missing part', '$s0$e0801$epIxT/h6HbbwHaehFnh/bw=='],
    ['no parameters', FOREIGN.replace('e0801', '')],
    ['a cost that is no power of two', FOREIGN.replace('e0801', '00801')],
    ['more memory than a login may take', FOREIGN.replace('e0801', '180801')],
    ['more rounds than a login may take', FOREIGN.replace('e0801', 'e08ff')],
    ['a block size of zero', FOREIGN.replace('e0801', 'e0001')],
    ['a short salt', '$s0$e0801$epI=$7H0vsXlY8UxxyW/BWx/9GuY7jEvGjT71GFd6O4SZND0='],
    ['a short hash', '$s0$e0801$epIxT/h6HbbwHaehFnh/bw==$7H0v'],
  ])('takes no hash with %s', async (_what, text) => {
    expect(isPasswordHash(text)).toBe(false);
    await expect(verifyPassword('secret', text)).resolves.toBe(false);
  });
});
