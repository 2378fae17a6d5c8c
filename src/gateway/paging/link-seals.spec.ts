import { randomBytes } from 'node:crypto';
import { FhirError } from '../../errors/fhir-error.js';
import { LinkSeals, type SealedKind } from './link-seals.js';

const URL = 'http://upstream/fhir?_getpages=a&_getpagesoffset=20';
const PAGE: SealedKind = {
  parameter: '_page',
  noun: 'page',
  remedy: 'search again',
  lifetimeMs: 3_600_000,
};
const BINDING = { caller: 'User/u1', request: '/Patient?name=x' };

function statusOf(open: () => unknown): number | undefined {
  try {
    open();
  } catch (error) {
    if (error instanceof FhirError) return error.status;
    throw error;
  }
  return undefined;
}

describe('LinkSeals', () => {
  const key = randomBytes(32);
  let now = 1_000_000;
  const seals = new LinkSeals(key, () => now);
  const sealed = (kind = PAGE, by = seals) => by.sealer(kind, BINDING)(URL);

  beforeEach(() => {
    now = 1_000_000;
  });

  it('opens what it has sealed, on every instance that has the key', () => {
    const token = sealed();

    expect(seals.open(PAGE, token, BINDING)).toBe(URL);
    expect(new LinkSeals(key, () => now).open(PAGE, token, BINDING)).toBe(URL);
  });

  it('shows nothing of the page, and is never the same twice', () => {
    const token = sealed();

    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('getpages');
    expect(sealed()).not.toBe(token);
  });

  it('has an IV of its own for each link under a salt', () => {
    const seal = seals.sealer(PAGE, BINDING);
    const [one, other] = [seal(URL), seal(URL)].map((token) => Buffer.from(token, 'base64url'));

    expect(one?.subarray(0, 16)).toEqual(other?.subarray(0, 16));
    expect(one?.subarray(16, 28)).not.toEqual(other?.subarray(16, 28));
  });

  it('refuses the page of another caller with 403', () => {
    const token = sealed();

    expect(statusOf(() => seals.open(PAGE, token, { ...BINDING, caller: 'User/u2' }))).toBe(403);
  });

  it('refuses the page of another request with 400', () => {
    const token = sealed();

    expect(statusOf(() => seals.open(PAGE, token, { ...BINDING, request: '/Patient' }))).toBe(400);
  });

  it('refuses with 400 what was given out as something else', () => {
    const token = sealed({ ...PAGE, parameter: '_job' });

    expect(statusOf(() => seals.open(PAGE, token, BINDING))).toBe(400);
  });

  it('refuses an old page with 410', () => {
    const token = sealed();
    now += PAGE.lifetimeMs - 1;
    expect(seals.open(PAGE, token, BINDING)).toBe(URL);
    now += 1;

    expect(statusOf(() => seals.open(PAGE, token, BINDING))).toBe(410);
  });

  it('refuses what was altered, or sealed by a key of somebody else', () => {
    const bytes = Buffer.from(sealed(), 'base64url');
    for (const at of bytes.keys()) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      expect(statusOf(() => seals.open(PAGE, altered.toString('base64url'), BINDING))).toBe(400);
    }
    const foreign = sealed(PAGE, new LinkSeals(randomBytes(32), () => now));
    expect(statusOf(() => seals.open(PAGE, foreign, BINDING))).toBe(400);
  });

  it.each(['', 'x', 'A'.repeat(60), `${'A'.repeat(60)}=`, 'A'.repeat(9000)])(
    'refuses %j',
    (token) => {
      expect(statusOf(() => seals.open(PAGE, token, BINDING))).toBe(400);
    },
  );
});
