import { redactTokens } from './redact-tokens.js';

describe('redacting tokens', () => {
  it.each([
    ['{"a":"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"}', '{"a":"[redacted]"}'],
    ['{"a":"Bearer abcdefgh-1234.5"}', '{"a":"Bearer [redacted]"}'],
    ['{"a":"basic dXNlcjpwYXNz=="}', '{"a":"basic [redacted]"}'],
    ['{"a":"/x?b=1&access_token=abc&c=2"}', '{"a":"/x?b=1&access_token=[redacted]&c=2"}'],
    ['{"a":"__sha256:0123abc"}', '{"a":"[redacted]"}'],
    ['{"a":"$s0$e0801$abc/+==$x"}', '{"a":"[redacted]"}'],
  ])('changes %s', (text, expected) => {
    expect(redactTokens(text)).toBe(expected);
    expect(() => JSON.parse(redactTokens(text)) as unknown).not.toThrow();
  });

  it.each([
    '{"a":"Bearer [redacted]"}',
    '{"a":"a bearer of news","path":["jwt","iss"]}',
    '{"code":"http://loinc.org|1234-5","uri":"/fhir/Observation"}',
  ])('leaves %s', (text) => {
    expect(redactTokens(text)).toBe(text);
  });
});
