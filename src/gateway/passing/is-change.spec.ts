import type { UpstreamMethod } from '../upstream/upstream.js';
import { isChange } from './is-change.js';

describe('isChange', () => {
  it.each<[UpstreamMethod, string, boolean]>([
    ['GET', 'Patient/p1', false],
    ['HEAD', 'Patient/p1', false],
    ['POST', 'Patient/_search', false],
    ['POST', 'Patient/$validate', false],
    ['POST', 'Patient/p1/$everything', false],
    ['POST', 'Patient', true],
    ['POST', '', true],
    ['POST', 'Patient/p1/$merge', true],
    ['PUT', 'Patient/p1', true],
    ['PATCH', 'Patient/p1', true],
    ['DELETE', 'Patient/p1', true],
  ])('%s %s: %s', (method, path, expected) => {
    expect(isChange({ method, path: path.split('/'), query: [], headers: {} })).toBe(expected);
  });

  it('is not so of pages, but where one is ended', () => {
    const url = new URL('http://up/x');

    expect(isChange({ url })).toBe(false);
    expect(isChange({ url, method: 'DELETE' })).toBe(true);
  });
});
