import { createHash } from 'node:crypto';
import { isClientCertificateHeader } from './client-certificate-header.js';
import { reportedThumbprint } from './client-certificate.js';

const DER = Buffer.from('the bytes of a certificate');
const THUMBPRINT = createHash('sha256').update(DER).digest('base64url');
const BASE64 = DER.toString('base64');
const PEM = `-----BEGIN CERTIFICATE-----\n${BASE64}\n-----END CERTIFICATE-----\n`;
const ENCODED = encodeURIComponent(PEM);

describe('reportedThumbprint', () => {
  it.each([
    ['client-cert', `:${BASE64}:`],
    ['x-ssl-client-cert', ENCODED],
    ['x-amzn-mtls-clientcert-leaf', ENCODED.replaceAll('%3D', '=').replaceAll('%2B', '+')],
    ['x-forwarded-client-cert', `Hash=abc;Cert="${ENCODED}";Subject="CN=a,b;c"`],
  ])('reads %s', (name, value) => {
    expect(reportedThumbprint(name, value)).toBe(THUMBPRINT);
    expect(isClientCertificateHeader(name)).toBe(true);
  });

  it.each([
    ['client-cert', BASE64],
    ['client-cert', '::'],
    ['client-cert', `:${BASE64}:, :${BASE64}:`],
    ['client-cert', ENCODED],
    ['ssl-client-cert', ''],
    ['ssl-client-cert', '%'],
    ['ssl-client-cert', BASE64],
    ['ssl-client-cert', ENCODED + ENCODED],
    ['ssl-client-cert', encodeURIComponent(PEM.replaceAll('CERTIFICATE', 'PRIVATE KEY'))],
    ['x-forwarded-client-cert', 'Hash=abc'],
    ['x-forwarded-client-cert', `Cert="${ENCODED}",Cert="${ENCODED}"`],
    ['x-forwarded-client-cert', `Cert="${ENCODED}";cert="${ENCODED}"`],
    ['x-forwarded-client-cert', `Cert="${ENCODED}";X=",Hash=abc;Cert="other"`],
    ['x-forwarded-client-cert', `Cert="${ENCODED}";X="`],
  ])('reads nothing in %s: %j', (name, value) => {
    expect(reportedThumbprint(name, value)).toBeUndefined();
  });
});
