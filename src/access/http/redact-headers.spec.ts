import { redactHeaders } from './redact-headers.js';

describe('redactHeaders', () => {
  it.each([
    ['Bearer hunter2', 'Bearer [redacted]'],
    ['DPoP hunter2', 'DPoP [redacted]'],
    ['basic aHVudGVyMg==', 'basic [redacted]'],
    ['hunter2 hunter2', '[redacted]'],
    ['Bearerhunter2', '[redacted]'],
    ['', '[redacted]'],
  ])('shows of the authorization %j no more than a known scheme', (value, shown) => {
    expect(redactHeaders({ Authorization: value })).toEqual({ authorization: shown });
  });

  it.each([
    'Cookie',
    'Set-Cookie',
    'Proxy-Authorization',
    'DPoP',
    'X-Client-Auth',
    'X-Api-Key',
    'X-Auth-Token',
    'X-Amz-Security-Token',
    'X-SSL-Client-Cert',
    'X-Forwarded-Client-Cert',
    'Client-Cert',
  ])('hides %s', (name) => {
    expect(redactHeaders({ [name]: 'hunter2' })).toEqual({ [name.toLowerCase()]: '[redacted]' });
  });

  it('hides every value of a repeated header', () => {
    expect(redactHeaders({ 'set-cookie': ['a=hunter2', 'b=hunter2'] })).toEqual({
      'set-cookie': '[redacted]',
    });
  });

  it('leaves everything else as it is, under its name in lower case', () => {
    const headers = { Accept: 'text/yaml', 'X-Forwarded-For': ['192.0.2.1'], 'x-keyboard': 'a' };

    expect(redactHeaders(headers)).toEqual({
      accept: 'text/yaml',
      'x-forwarded-for': ['192.0.2.1'],
      'x-keyboard': 'a',
    });
  });
});
