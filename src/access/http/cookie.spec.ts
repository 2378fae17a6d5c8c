import { cookieValues } from './cookie.js';
import { isCrossSite } from './trusted-origins.js';

describe('cookieValues', () => {
  it.each([
    [[], []],
    [['a=1'], ['1']],
    [['b=2; a=1;c=3'], ['1']],
    [['a=1; a=2'], ['1', '2']],
    [
      ['a=1', 'a=1'],
      ['1', '1'],
    ],
    [['A=1; xa=2; a2=3; =4; a'], []],
    [['  a =  1=2  '], ['1=2']],
    [['a='], ['']],
    [['a="1"'], ['"1"']],
  ])('of %j are %j', (headers, values) => {
    expect(cookieValues(headers, 'a')).toEqual(values);
  });
});

describe('isCrossSite', () => {
  const trusted = ['https://gate.example.org', 'https://app.example.org'];

  it.each(['GET', 'HEAD'])('is never true of %s, which changes nothing', (method) => {
    expect(isCrossSite(method, ['https://evil.example'], trusted)).toBe(false);
    expect(isCrossSite(method, [], trusted)).toBe(false);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get'])(
    'is true of %s unless a trusted page sent it',
    (method) => {
      expect(isCrossSite(method, ['https://app.example.org'], trusted)).toBe(false);
      for (const origins of [
        [],
        ['null'],
        ['https://evil.example'],
        ['https://app.example.org:8443'],
        ['http://app.example.org'],
        ['https://app.example.org, https://evil.example'],
        ['https://app.example.org', 'https://app.example.org'],
      ]) {
        expect(isCrossSite(method, origins, trusted)).toBe(true);
      }
    },
  );
});
