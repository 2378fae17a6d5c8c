import { createHash, createHmac } from 'node:crypto';
import { scramVerifier } from './scram-verifier.js';

/** The exchange of RFC 7677 §3. */
const NONCE = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const SALT = 'W22ZaJ0SNY7soEsUEjb6gQ==';
const MESSAGE = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${NONCE},s=${SALT},i=4096,c=biws,r=${NONCE}`;
const PROOF = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=';
const SIGNATURE = '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';

const hmac = (key: Buffer): Buffer => createHmac('sha256', key).update(MESSAGE).digest();

describe('scramVerifier', () => {
  it('verifies the exchange of RFC 7677', () => {
    const [scheme = '', costs = '', keys = ''] = scramVerifier(
      'pencil',
      Buffer.from(SALT, 'base64'),
    ).split('$');
    const [stored, server] = keys.split(':').map((key) => Buffer.from(key, 'base64'));
    if (!stored || !server) throw new Error('no keys');

    expect([scheme, costs]).toEqual(['SCRAM-SHA-256', `4096:${SALT}`]);
    expect(hmac(server).toString('base64')).toBe(SIGNATURE);
    const mask = hmac(stored);
    const clientKey = Buffer.from(PROOF, 'base64').map((byte, at) => byte ^ (mask[at] ?? 0));
    expect(createHash('sha256').update(clientKey).digest()).toEqual(stored);
  });

  it('is another one each time', () => {
    expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'));
  });
});
