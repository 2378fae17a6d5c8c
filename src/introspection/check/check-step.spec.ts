import { readFileSync } from 'node:fs';
import {
  CHECK_FINDINGS,
  CHECK_STEPS,
  found,
  refusing,
  shown,
  type CheckStatus,
} from './check-step.js';

const page = readFileSync(new URL('../../../docs/introspector-check.md', import.meta.url), 'utf8');

describe('what a check finds', () => {
  it('is documented, every step and every code', () => {
    const words = [...CHECK_STEPS, ...Object.keys(CHECK_FINDINGS)];

    expect(words.filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
  });
});

describe('the status of what is found', () => {
  const withStatus = (wanted: CheckStatus): readonly string[] =>
    Object.entries(CHECK_FINDINGS).flatMap(([code, status]) => (status === wanted ? [code] : []));

  it('lets a token pass that is accepted, perhaps with a warning', () => {
    expect(withStatus('ok')).toEqual([
      ...['active', 'provider-found', 'discovery-read', 'keys-read', 'endpoint-answers'],
      ...['clock-agrees', 'token-read', 'token-active', 'routed-here', 'issuer-fits'],
      ...['purpose-fits', 'time-fits', 'audience-fits', 'claims-there', 'signature-verified'],
      ...['unbound', 'user-found', 'user-to-create', 'client-found', 'roles-found'],
    ]);
    expect(withStatus('warning')).toEqual([
      ...['provider-missing', 'provider-inactive', 'provider-without-system', 'userinfo-refused'],
      ...['some-keys-unusable', 'clock-differs', 'issuer-shared', 'audience-unchecked'],
      ...['proof-needed', 'no-user', 'user-unknown', 'no-client'],
    ]);
    expect(withStatus('skipped')).toEqual([
      ...['no-provider', 'no-token', 'signature-unchecked', 'no-roles'],
    ]);
  });

  it('stops one for any other finding, and for every refusal', () => {
    expect(withStatus('failed')).toEqual([
      ...['inactive', 'discovery-other-issuer', 'discovery-without-keys', 'no-usable-key'],
      ...['no-key-set', 'no-secret', 'url-refused', 'address-refused', 'name-unknown'],
      ...['connection-refused', 'connection-closed', 'tls-failed', 'timed-out', 'redirected'],
      ...['unexpected-status', 'answer-unusable', 'call-failed', 'credentials-refused'],
      ...['routed-elsewhere', 'user-protected', 'user-inactive', 'client-inactive'],
      'client-protected',
    ]);
    expect(refusing('time', 'expired', 'Late')).toEqual({
      step: 'time',
      status: 'failed',
      code: 'expired',
      message: 'Late',
    });
    expect(found('time', 'time-fits', 'In time', 'None')).toEqual({
      step: 'time',
      status: 'ok',
      code: 'time-fits',
      message: 'In time',
      fix: 'None',
    });
  });
});

describe('shown', () => {
  it.each([
    ['quotes a text', 'a"b', '"a\\"b"'],
    ['shows no line breaks', 'a\nb', '"a\\nb"'],
    ['says when there is nothing', undefined, 'nothing'],
    ['cuts what is long', 'x'.repeat(300), `"${'x'.repeat(255)}…`],
  ])('%s', (_what, value, text) => {
    expect(shown(value)).toBe(text);
  });
});
