import type { UpstreamRequest } from './upstream.js';
import { isBelow, upstreamTarget } from './upstream-target.js';

const BASE = new URL('https://fhir.example.org/r4/');

function request(path: readonly string[], query: UpstreamRequest['query'] = []): UpstreamRequest {
  return { method: 'GET', path, query, headers: {} };
}

describe('the target of a request', () => {
  it.each<[string, UpstreamRequest, string]>([
    ['the base', request([]), '/r4'],
    ['a resource', request(['Patient', 'p1']), '/r4/Patient/p1'],
    ['an operation', request(['Patient', '$everything']), '/r4/Patient/$everything'],
    ['what would end a segment', request(['a/b', 'c?d#e', 'f%2Fg']), '/r4/a%2Fb/c%3Fd%23e/f%252Fg'],
    [
      'what would end a parameter',
      request(
        ['Patient'],
        [
          ['name', 'a&b=c#d'],
          ['name', 'é +'],
        ],
      ),
      '/r4/Patient?name=a%26b%3Dc%23d&name=%C3%A9+%2B',
    ],
  ])('encodes %s', (_name, given, expected) => {
    expect(upstreamTarget(BASE, given)).toBe(expected);
  });

  it.each(['', '.', '..'])('has no segment %j', (segment) => {
    expect(() => upstreamTarget(BASE, request(['Patient', segment]))).toThrow('cannot be sent');
  });

  it('is that of a page below the base, as it was given out', () => {
    const url = new URL('https://fhir.example.org/r4?_getpages=a%20b');

    expect(upstreamTarget(BASE, { url })).toBe('/r4?_getpages=a%20b');
  });

  it.each([
    ['another host', 'https://elsewhere.example.org/r4/Patient'],
    ['another scheme', 'http://fhir.example.org/r4/Patient'],
    ['another port', 'https://fhir.example.org:8443/r4/Patient'],
    ['beside the base', 'https://fhir.example.org/r4b/Patient'],
    ['above the base', 'https://fhir.example.org/r4/../admin'],
    ['a credential', 'https://a:b@fhir.example.org/r4/Patient'],
  ])('is not that of a page at %s', (_name, href) => {
    const url = new URL(href);

    expect(isBelow(BASE, url)).toBe(false);
    expect(() => upstreamTarget(BASE, { url })).toThrow('not below');
  });
});
