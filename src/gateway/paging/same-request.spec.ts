import { isSameRequest } from './same-request.js';

const upstream = new URL('http://fhir.test/base/');
const asked = { path: '/Patient', query: { name: 'a', given: ['b', 'c'] } };
const isSame = (link: string, request = asked) => isSameRequest(new URL(link), upstream, request);

describe('a link of the upstream', () => {
  it('repeats the request with the same parameters in any order', () => {
    expect(isSame('http://fhir.test/base/Patient?name=a&given=b&given=c')).toBe(true);
    expect(isSame('http://fhir.test/base/Patient?given=c&name=a&given=b')).toBe(true);
  });

  it.each([
    'http://fhir.test/base/Group?name=a&given=b&given=c',
    'http://fhir.test/base/Patient?name=a&given=b',
    'http://fhir.test/base/Patient?name=a&given=b&given=c&page=2',
  ])('leads on with anything else: %s', (link) => {
    expect(isSame(link)).toBe(false);
  });

  it.each(['Patient/_search', 'Patient', 'Patient/_search?given=c&name=a&given=b'])(
    'repeats the request where it is the address of its form: %s',
    (link) => {
      expect(isSame(`http://fhir.test/base/${link}`)).toBe(true);
    },
  );

  it.each(['Patient/_search?name=a', 'Group/_search', 'Patient/x/_search'])(
    'leads on with another form: %s',
    (link) => {
      expect(isSame(`http://fhir.test/base/${link}`)).toBe(false);
    },
  );

  it('leads on where a value only reads like two parameters', () => {
    const request = { path: '/Patient', query: { name: 'a&z=1', given: [] } };

    expect(isSame('http://fhir.test/base/Patient?name=a%26z%3D1', request)).toBe(true);
    expect(isSame('http://fhir.test/base/Patient?name=a&z=1', request)).toBe(false);
  });
});
