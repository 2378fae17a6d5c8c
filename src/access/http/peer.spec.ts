import { peerOf, type Connection } from './peer.js';
import { parseAddress, TrustedProxies } from './trusted-proxies.js';

const trustedProxies = new TrustedProxies(['10.0.0.0/8', '2001:db8:1::/48', '192.0.2.10']);

function peer(remoteAddress: string, headers: Connection['headers'], isEncrypted = false) {
  return peerOf({ remoteAddress, headers, isEncrypted, trustedProxies });
}

describe('a peer that is not trusted', () => {
  it('is the client, whatever its headers say', () => {
    const { remoteAddr, scheme } = peer('198.51.100.7', {
      forwarded: 'for=203.0.113.1;proto=https',
      'x-forwarded-for': '203.0.113.1',
      'x-forwarded-proto': 'https',
    });

    expect({ remoteAddr, scheme }).toEqual({ remoteAddr: '198.51.100.7', scheme: 'http' });
  });

  it.each([
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Real-IP',
    'True-Client-IP',
    'X-SSL-Client-Verify',
    'X-Client-Cert',
    'X-Forwarded-Client-Cert',
    'SSL-Client-Cert',
    'Client-Cert-Chain',
  ])('cannot send %s', (name) => {
    expect(peer('198.51.100.7', { [name]: 'x', Accept: 'y' }).headers).toEqual({ accept: 'y' });
    expect(peer('10.0.0.1', { [name]: 'x' }).headers).toEqual({ [name.toLowerCase()]: 'x' });
  });

  it('is anyone where no proxy is trusted', () => {
    const connection = { remoteAddress: '127.0.0.1', isEncrypted: true };
    const headers = { 'x-forwarded-for': '203.0.113.1' };

    expect(peerOf({ ...connection, headers, trustedProxies: new TrustedProxies() })).toEqual({
      remoteAddr: '127.0.0.1',
      scheme: 'https',
      headers: {},
    });
  });

  it('is one whose address is unknown', () => {
    expect(
      peerOf({ remoteAddress: undefined, isEncrypted: false, headers: {}, trustedProxies })
        .remoteAddr,
    ).toBe('');
  });
});

describe('a trusted proxy', () => {
  it.each([
    ['the address it names', '203.0.113.1', '203.0.113.1'],
    ['the right-most of several', '1.1.1.1, 203.0.113.1', '203.0.113.1'],
    ['the last before other proxies', '1.1.1.1, 203.0.113.1, 10.0.0.2,192.0.2.10', '203.0.113.1'],
    ['the left-most where all are proxies', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['an address with a port', '203.0.113.1:4711', '203.0.113.1'],
    ['an IPv6 address with a port', '[2001:DB8::0:1]:4711', '2001:db8::1'],
    ['IPv4 within IPv6', '::ffff:203.0.113.1', '203.0.113.1'],
    ['itself where the address is unreadable', 'evil', '10.0.0.1'],
    ['the proxy that passed an unreadable address on', '1.1.1.1, evil, 10.0.0.2', '10.0.0.2'],
    ['itself where there is none', '', '10.0.0.1'],
  ])('makes the client %s', (_, forwardedFor, remoteAddr) => {
    expect(peer('10.0.0.1', { 'x-forwarded-for': forwardedFor }).remoteAddr).toBe(remoteAddr);
  });

  it('is recognised by IPv4 within IPv6, and by IPv6', () => {
    const headers = { 'X-Forwarded-For': ['1.1.1.1', '203.0.113.1'] };

    expect(peer('::ffff:10.0.0.1', headers).remoteAddr).toBe('203.0.113.1');
    expect(peer('2001:db8:1::5', headers).remoteAddr).toBe('203.0.113.1');
    expect(peer('2001:db8:2::5', headers).remoteAddr).toBe('2001:db8:2::5');
  });

  it.each([
    ['for=203.0.113.1;proto=https', '203.0.113.1', 'https'],
    ['for=1.1.1.1, For="[2001:db8::1]:4711";Proto=HTTPS', '2001:db8::1', 'https'],
    ['by="a,b;c";for=203.0.113.1', '203.0.113.1', 'http'],
    ['for="203.0.113.\\1"', '203.0.113.1', 'http'],
    ['for=203.0.113.1, for=_hidden', '10.0.0.1', 'http'],
    ['for=unknown', '10.0.0.1', 'http'],
    [`for=203.0.113.1${' '.repeat(4096)}`, '', 'http'],
  ])('may say so by Forwarded: %s', (forwarded, remoteAddr, scheme) => {
    expect(peer('10.0.0.1', { forwarded })).toMatchObject({ remoteAddr, scheme });
  });

  it('is believed about the scheme, and of several the last', () => {
    const scheme = (proto: string) => peer('10.0.0.1', { 'x-forwarded-proto': proto }, true).scheme;

    expect(scheme('http')).toBe('http');
    expect(scheme('https, http')).toBe('http');
    expect(scheme('gopher')).toBe('https');
  });

  it('is not believed where its two headers differ', () => {
    const agreeing = { forwarded: 'for=203.0.113.1', 'x-forwarded-for': '203.0.113.1' };
    const differing = { ...agreeing, forwarded: 'for=203.0.113.2;proto=https' };

    expect(peer('10.0.0.1', agreeing).remoteAddr).toBe('203.0.113.1');
    expect(peer('10.0.0.1', differing)).toMatchObject({ remoteAddr: '', scheme: 'http' });
  });

  it.each([
    ['a quote that swallows what a proxy adds', 'for=1.1.1.1;x=", for="[2001:db8::1]"'],
    ['an escape that does', 'for=1.1.1.1;x="\\", for="[2001:db8::1]:1"'],
    ['a quote that is never closed', 'for=1.1.1.1;x=", for=203.0.113.1'],
    ['a quoted string that goes on', 'for="1.1.1.1"x, for=203.0.113.1'],
    ['more than is read', `for=1.1.1.1;x=${'y'.repeat(4096)}, for=203.0.113.1`],
  ])('leaves the client unknown where Forwarded holds %s', (_what, forwarded) => {
    const unknown = { remoteAddr: '', scheme: 'http' };
    const customary = { 'x-forwarded-for': '1.1.1.1', 'x-forwarded-proto': 'https' };

    expect(peer('10.0.0.1', { forwarded })).toMatchObject(unknown);
    expect(peer('10.0.0.1', { forwarded, ...customary })).toMatchObject(unknown);
  });
});

describe('TrustedProxies', () => {
  it('refuses entries that are no addresses', () => {
    expect(() => new TrustedProxies(['proxy.local'])).toThrow();
    expect(() => new TrustedProxies(['10.0.0.0/40'])).toThrow();
  });
});

describe('parseAddress', () => {
  it.each([
    ['fe80::1%eth0', 'fe80::1'],
    ['010.0.0.1', undefined],
    ['167772161', undefined],
    ['0x0a.0.0.1', undefined],
    ['[10.0.0.1', undefined],
    ['', undefined],
  ])('reads %j as %j', (text, address) => {
    expect(parseAddress(text)).toBe(address);
  });
});
