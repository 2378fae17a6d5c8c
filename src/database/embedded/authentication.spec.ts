import { describe, expect, it } from '@jest/globals';
import { hostBasedAuthentication, identMap } from './authentication.js';
import { serverArguments } from './server-arguments.js';
import { nobodyOf } from './server-account.js';
import { fitsSocket } from './socket-folder.js';

describe('the authentication files', () => {
  it('let in by peer credentials or password only, and over the socket only', () => {
    const methods = hostBasedAuthentication().trim().split('\n');

    expect(methods).toEqual([
      'local all postgres,wardgate peer map=wardgate',
      'local all all scram-sha-256',
    ]);
  });

  it.each(['root', 'DOMAIN\\user', 'first last'])('take the account name %j', (name) => {
    expect(identMap(name)).toBe(`wardgate "${name}" postgres\nwardgate "${name}" wardgate\n`);
  });

  it.each(['', '/.*', 'a"b', 'a\nb', '"'])('refuse the account name %j', (name) => {
    expect(() => identMap(name)).toThrow('DATABASE_URL');
  });
});

describe('the command line of the server', () => {
  const settings = {
    binaries: { initdb: '/bin/initdb', postgres: '/bin/postgres', majorVersion: 18 },
    folder: { path: '/srv/postgres', parent: '/srv', account: undefined },
    socketFolder: '/srv/a,"b"',
    authentication: { hba: '/srv/hba', ident: '/srv/ident' },
  };

  it.each([
    'listen_addresses=',
    'fsync=on',
    'unix_socket_directories="/srv/a,""b"""',
    'log_min_error_statement=panic',
    'log_error_verbosity=terse',
  ])('says %s', (parameter) => {
    expect(serverArguments(settings)).toContain(parameter);
  });
});

describe('the account of the server', () => {
  it.each([
    ['root:x:0:0::/:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n', { uid: 65534, gid: 65533 }],
    ['nobody:*:-2:-2::/:/usr/bin/false\n', { uid: 4294967294, gid: 4294967294 }],
    ['nobody:x:0:0::/:/bin/sh\n', undefined],
    ['notnobody:x:5:5::/:/bin/sh\n', undefined],
    ['nobody\n', undefined],
    ['', undefined],
  ])('in %j is %j', (passwd, expected) => {
    expect(nobodyOf(passwd)).toEqual(expected);
  });
});

describe('fitsSocket', () => {
  it('counts bytes, up to what every system has room for', () => {
    const room = 103 - '/.s.PGSQL.5432'.length;

    expect(fitsSocket(`/${'x'.repeat(room - 1)}`)).toBe(true);
    expect(fitsSocket(`/${'x'.repeat(room)}`)).toBe(false);
    expect(fitsSocket(`/${'é'.repeat(room / 2 + 1)}`)).toBe(false);
  });
});
