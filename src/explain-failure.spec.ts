import { describe, expect, it } from '@jest/globals';
import { ConfigError } from './config/config-error.js';
import { EmbeddedDatabaseError } from './database/embedded/embedded-database-error.js';
import { InvalidResource } from './errors/fhir-error.js';
import { TlsUnusable } from './gateway/upstream/tls-context.js';
import { explainFailure } from './explain-failure.js';

const failure = (members: object, message = 'it failed'): Error =>
  Object.assign(new Error(message), members);
const listen = { syscall: 'listen', address: '127.0.0.1', port: 80 };
const refused = { syscall: 'connect', code: 'ECONNREFUSED' };

describe('explainFailure', () => {
  it.each([
    [
      'wrong settings',
      new ConfigError([{ variable: 'BOX_X', expected: 'is odd' }]),
      /BOX_X: is odd/,
    ],
    ['an embedded database that does not start', new EmbeddedDatabaseError('Why.'), /^Why\.$/],
    ['TLS that cannot be used', new TlsUnusable('The file is damaged'), /^The file is damaged$/],
    [
      'a first start that is refused',
      new InvalidResource([{ code: 'value', diagnostics: 'The password is short' }]),
      /^The first start failed: The password is short\.$/,
    ],
    ['a port in use', failure({ ...listen, code: 'EADDRINUSE' }), /^Another .*127\.0\.0\.1:80 /],
    ['a port that is privileged', failure({ ...listen, code: 'EACCES' }), /may not listen.*1023/],
    ['an address of another', failure({ ...listen, code: 'EADDRNOTAVAIL' }), /EADDRNOTAVAIL/],
    [
      'a name without address',
      failure({ syscall: 'getaddrinfo', hostname: 'db' }),
      /^The name db has no address/,
    ],
    [
      'a file that cannot be written',
      failure({ syscall: 'mkdir', code: 'EACCES', path: '/data' }),
      /^\/data cannot be used \(mkdir EACCES\)/,
    ],
    [
      'a database that is not there',
      failure(refused, 'connect ECONNREFUSED'),
      /^The database cannot be used: connect ECONNREFUSED\. See/,
    ],
    [
      'a database that is at none of its addresses',
      new AggregateError([failure(refused, 'first'), failure(refused, 'second')]),
      /^The database cannot be used: first; second\. See/,
    ],
    [
      'a login that is refused',
      failure({ code: '28P01', severity: 'FATAL' }, 'password authentication failed'),
      /^The database cannot be used: password authentication failed\. See/,
    ],
    [
      'a database that does not answer',
      failure({}, 'timeout expired'),
      /^The database cannot be used: timeout expired/,
    ],
  ])('says in one sentence: %s', (_what, error, sentence) => {
    const said = explainFailure(error);

    expect(said).toMatch(sentence);
    expect(said).not.toMatch(/\n\s+at /);
  });

  it('keeps the stack of what was not foreseen', () => {
    expect(explainFailure(new TypeError('odd'))).toMatch(/^TypeError: odd\n\s+at /);
  });

  it('takes anything', () => {
    expect([explainFailure(undefined), explainFailure('x')]).toEqual(['undefined', 'x']);
  });
});
