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
    const table = page.slice(page.indexOf('| Step '), page.indexOf('A call fails'));
    const steps = [...table.matchAll(/^\| `([a-z-]+)`/gm)].map(([, step]) => step);

    expect(steps).toEqual(CHECK_STEPS);
    const codes = Object.keys(CHECK_FINDINGS);
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
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
    const late = { step: 'time', status: 'failed', code: 'expired', message: 'Late' };
    const inTime = { step: 'time', status: 'ok', code: 'time-fits', message: 'In time' };
    expect(refusing('time', 'expired', 'Late')).toStrictEqual(late);
    expect(refusing('time', 'expired', 'Late', 'Go')).toStrictEqual({ ...late, fix: 'Go' });
    expect(found('time', 'time-fits', 'In time')).toStrictEqual(inTime);
    expect(found('time', 'time-fits', 'In time', 'Go')).toStrictEqual({ ...inTime, fix: 'Go' });
  });
});

describe('shown', () => {
  it.each([
    ['quotes a text', 'a"b', '"a\\"b"'],
    ['shows no line breaks', 'a\nb', '"a\\nb"'],
    ['says when there is nothing', undefined, 'nothing'],
    ['shows what just fits', 'x'.repeat(254), `"${'x'.repeat(254)}"`],
    ['cuts what is long', 'x'.repeat(300), `"${'x'.repeat(255)}…`],
  ])('%s', (_what, value, text) => {
    expect(shown(value)).toBe(text);
  });
});
