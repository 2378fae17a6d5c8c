import { hostRules } from './host-rules.js';

const none = hostRules([], false);
const some = hostRules(['keycloak:8180', 'Intern.example', '10.1.2.3'], false);

describe('refusedUrl', () => {
  it.each([
    'https://auth.example.com/jwks',
    'https://auth.example.com:8443/jwks',
    'https://8.8.8.8/jwks',
    'https://internal-name/jwks',
    'http://localhost:8180/jwks',
    'http://127.0.0.1/jwks',
    'http://127.9.9.9/jwks',
    'http://[::1]:8180/jwks',
    'https://localhost/jwks',
  ])('lets %s be called', (url) => {
    expect(none.refusedUrl(url)).toBeUndefined();
  });

  it.each([
    ['http://auth.example.com/jwks', 'http is only'],
    ['http://8.8.8.8/jwks', 'http is only'],
    ['http://localhost.example.com/jwks', 'http is only'],
    ['http://keycloak:8180/jwks', 'http is only'],
    ['https://10.1.2.3/jwks', 'private addresses'],
    ['https://192.168.0.1/jwks', 'private addresses'],
    ['https://172.16.0.1/jwks', 'private addresses'],
    ['https://169.254.169.254/latest', 'private addresses'],
    ['https://100.64.0.1/jwks', 'private addresses'],
    ['https://0.0.0.0/jwks', 'private addresses'],
    ['https://0xa010203/jwks', 'private addresses'],
    ['https://[fd00::1]/jwks', 'private addresses'],
    ['https://[fe80::1]/jwks', 'private addresses'],
    ['https://[::ffff:10.1.2.3]/jwks', 'private addresses'],
    ['https://[64:ff9b::a01:203]/jwks', 'private addresses'],
    ['https://user:pass@auth.example.com/', 'user name'],
    ['https://user@auth.example.com/', 'user name'],
    ['https://:pass@auth.example.com/', 'user name'],
    ['file:///etc/passwd', 'scheme'],
    ['ftp://auth.example.com/', 'scheme'],
    ['jwks', 'not a URL'],
    ['', 'not a URL'],
  ])('refuses %s', (url, reason) => {
    expect(none.refusedUrl(url)).toContain(reason);
  });

  it('lets allowed hosts be called by http and at private addresses', () => {
    expect(some.refusedUrl('http://keycloak:8180/jwks')).toBeUndefined();
    expect(some.refusedUrl('http://intern.example/jwks')).toBeUndefined();
    expect(some.refusedUrl('http://INTERN.example:81/jwks')).toBeUndefined();
    expect(some.refusedUrl('http://10.1.2.3/jwks')).toBeUndefined();
  });

  it('holds an allowed host to its port where it has one', () => {
    expect(some.refusedUrl('http://keycloak/jwks')).toContain('http is only');
    expect(some.refusedUrl('http://sub.intern.example/jwks')).toContain('http is only');
  });

  it('knows the port of a scheme, blanks around a host, and IPv6 without brackets', () => {
    const rules = hostRules([' keycloak:80 ', 'other:443', 'fd00::1'], false);

    expect(rules.refusedUrl('http://keycloak/jwks')).toBeUndefined();
    expect(rules.refusedUrl('http://other/jwks')).toContain('http is only');
    expect(rules.refusedUrl('http://other:443/jwks')).toBeUndefined();
    expect(rules.refusedUrl('http://[fd00::1]/jwks')).toBeUndefined();
    expect(rules.refusedUrl('http://[fd00::2]/jwks')).toContain('http is only');
    const secure = hostRules(['10.1.2.3:443'], false);
    expect(secure.refusedUrl('https://10.1.2.3/jwks')).toBeUndefined();
    expect(secure.refusedUrl('https://10.1.2.3:8443/jwks')).toContain('private addresses');
  });

  it('takes * for any host in development only', () => {
    expect(hostRules(['*'], true).refusedUrl('http://keycloak:8180/')).toBeUndefined();
    expect(hostRules(['*'], false).refusedUrl('http://keycloak:8180/')).toContain('http is only');
    expect(hostRules([], true).refusedUrl('http://keycloak:8180/')).toContain('http is only');
  });
});

describe('allowsAddress', () => {
  it.each([
    ['auth.example.com', '93.184.216.34', true],
    ['auth.example.com', '2606:2800:220:1::1', true],
    ['auth.example.com', '127.0.0.1', false],
    ['auth.example.com', '10.0.0.1', false],
    ['auth.example.com', '169.254.169.254', false],
    ['auth.example.com', '::ffff:192.168.0.1', false],
    ['auth.example.com', 'fd00::1', false],
    ['auth.example.com', 'garbage', false],
    ['localhost', '127.0.0.1', true],
    ['localhost', '::1', true],
    ['localhost', '10.0.0.1', false],
    ['intern.example', '10.0.0.1', true],
  ])('of %s at %s: %s', (host, address, allowed) => {
    expect(some.allowsAddress(host, '443', address)).toBe(allowed);
  });

  it('holds an allowed host to its port', () => {
    expect(some.allowsAddress('keycloak', '8180', '10.0.0.1')).toBe(true);
    expect(some.allowsAddress('keycloak', '443', '10.0.0.1')).toBe(false);
  });
});
