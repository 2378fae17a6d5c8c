import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

const DAY_MS = 86_400_000;
const ECDSA_WITH_SHA256 = tlv(0x30, identifier('1.2.840.10045.4.3.2'));
const LOOPBACK = Buffer.concat([
  tlv(0x82, Buffer.from('localhost')),
  tlv(0x87, Buffer.from([127, 0, 0, 1])),
]);
let serials = 0;

/** A certificate and its private key, in PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says besides its key; all servers and clients of tests are on loopback. */
export interface Subject {
  /** Common name. */
  readonly name: string;
  /** Whether its time is over. */
  readonly isExpired?: boolean;
  /** DNS name of a server, where it is not that of loopback. */
  readonly host?: string;
}

/** Signs certificates for tests, as X.509 version 3 with ECDSA on P-256 (RFC 5280). */
export class CertificateAuthority {
  /** Its own certificate, in PEM. */
  readonly certificate: string;
  private readonly keys = keyPair();

  constructor(private readonly name: string) {
    const isAuthority = extension('2.5.29.19', tlv(0x30, tlv(0x01, Buffer.from([0xff]))));
    this.certificate = this.signed({ name }, this.keys.publicKey, isAuthority);
  }

  /** A certificate for loopback, with a new key or a given one. */
  issue(subject: Subject, keys = keyPair()): Certified {
    const names = subject.host === undefined ? LOOPBACK : tlv(0x82, Buffer.from(subject.host));
    return {
      cert: this.signed(subject, keys.publicKey, extension('2.5.29.17', tlv(0x30, names))),
      key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  }

  private signed({ name, isExpired }: Subject, publicKey: KeyObject, ...more: Buffer[]): string {
    const now = Date.now();
    const [from, to] =
      isExpired === true ? [now - 2 * DAY_MS, now - DAY_MS] : [now - DAY_MS, now + DAY_MS];
    const body = tlv(
      0x30,
      tlv(0xa0, tlv(0x02, Buffer.from([2]))),
      tlv(0x02, Buffer.from([1, ...serial()])),
      ECDSA_WITH_SHA256,
      distinguishedName(this.name),
      tlv(0x30, time(from), time(to)),
      distinguishedName(name),
      publicKey.export({ type: 'spki', format: 'der' }),
      tlv(0xa3, tlv(0x30, ...more)),
    );
    const signature = sign('sha256', body, this.keys.privateKey);
    const der = tlv(0x30, body, ECDSA_WITH_SHA256, tlv(0x03, Buffer.from([0]), signature));
    const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
    return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  }
}

function keyPair(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

function serial(): readonly number[] {
  serials += 1;
  return [serials >> 8, serials & 0xff];
}

/** Type, length and value of the Distinguished Encoding Rules (X.690 §8.1). */
function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(value)]), value]);
}

function lengthOf({ length }: Buffer): readonly number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

/** An object identifier whose first two numbers make one byte (X.690 §8.19). */
function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((arc) => {
    const septets = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) septets.unshift((left & 0x7f) | 0x80);
    return septets;
  });
  return tlv(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

function distinguishedName(commonName: string): Buffer {
  return tlv(0x30, tlv(0x31, tlv(0x30, identifier('2.5.4.3'), tlv(0x0c, Buffer.from(commonName)))));
}

function time(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().replace(/\.\d+|[-:T]/g, '');
  // UTCTime has no century; RFC 5280 §4.1.2.5 demands it until 2049.
  return tlv(0x17, Buffer.from(digits.slice(2)));
}

function extension(name: string, value: Buffer): Buffer {
  return tlv(0x30, identifier(name), tlv(0x04, value));
}
