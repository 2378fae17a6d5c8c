import { BadRequest } from '../../errors/fhir-error.js';
import { assertSingularHeaders } from './singular-headers.js';

const check = (rawHeaders: string[], httpVersion = '1.1') => {
  assertSingularHeaders({ rawHeaders, httpVersion });
};

describe('assertSingularHeaders', () => {
  it('lets an ordinary request pass, whatever its values spell', () => {
    expect(() => {
      check(['Host', 'content-type', 'Content-Type', 'host', 'Accept', 'a', 'Accept', 'b']);
    }).not.toThrow();
  });

  it.each([
    ['a second Host', ['Host', 'a', 'hOST', 'a']],
    ['a second Content-Type', ['Host', 'a', 'Content-Type', 'a/b', 'content-type', 'a/b']],
    ['a second If-None-Exist', ['Host', 'a', 'If-None-Exist', 'x=1', 'if-none-exist', 'x=2']],
    ['no Host', ['Accept', 'Host']],
  ])('refuses %s', (_name, rawHeaders) => {
    expect(() => {
      check(rawHeaders);
    }).toThrow(BadRequest);
  });

  it('does not ask HTTP/1.0 for a Host', () => {
    expect(() => {
      check([], '1.0');
    }).not.toThrow();
  });
});
