import { assertSearchedBy, criteriaOf, unusedCriteria, type SelfLinkTrust } from './self-link.js';

const BASE = 'http://up/fhir/Observation';
const COMPARTMENT = { type: 'Patient', id: 'p1', parameters: ['subject', 'patient'] };

describe('criteriaOf', () => {
  it('has what narrows a search, not what shapes its result', () => {
    const query = { code: ['a', 'b'], 'name:exact': 'x', _count: '2', _sort: 'date', _type: 'A' };
    const shaping = {
      _include: 'x',
      '_revinclude:iterate': 'y',
      _elements: 'id',
      _summary: 'data',
    };

    expect(criteriaOf({ ...query, ...shaping, _format: 'json', _total: 'none' })).toEqual({
      pairs: [
        ['code', 'a'],
        ['code', 'b'],
        ['name:exact', 'x'],
      ],
    });
  });
});

describe('a self link', () => {
  it.each([
    ['the same', '?patient=Patient/1&code:in=x', []],
    [
      'another order, other spellings and further parameters',
      '?_count=20&code%3Ain=x&patient=1&_format=json',
      [],
    ],
    ['a relative URL', 'Observation?code:in=x&patient=Patient%2F1', []],
    ['a fragment', '?patient=1&code:in=x#y', []],
    ['no parameter', '', ['patient', 'code:in']],
    ['parameters in its fragment', '#?patient=1&code:in=x', ['patient', 'code:in']],
    ['one of them', '?patient=1', ['code:in']],
    ['another modifier', '?patient=1&code=x', ['code:in']],
    ['a modifier that nobody sent', '?patient:Patient=1&code:in=x', ['patient']],
    ['another letter case', '?Patient=1&code:in=x', ['patient']],
    ['a parameter without its value', '?patient=&code:in=x', ['patient']],
    ['a name within a value', '?x=patient=1&code:in=x', ['patient']],
  ])('that has %s tells what was not used', (_name, self, unused) => {
    const pairs = [
      ['patient', 'Patient/1'],
      ['code:in', 'x'],
    ] as const;

    expect(unusedCriteria(/^\w/.test(self) ? self : `${BASE}${self}`, { pairs })).toEqual(unused);
  });

  it('names a parameter as often as it was sent with different values', () => {
    const pairs = criteriaOf({ date: ['ge2020', 'le2021', 'le2021'] }).pairs;

    expect(unusedCriteria(`${BASE}?date=ge2020`, { pairs })).toEqual(['date']);
    expect(unusedCriteria(`${BASE}?date=ge2020&date=le2021`, { pairs })).toEqual([]);
  });

  it.each([
    ['in its path', 'http://up/fhir/Patient/p1/Observation?x=y', true],
    ['before _search', 'http://up/fhir/Patient/p1/Observation/_search', true],
    ['as a reference', `${BASE}?patient=Patient/p1`, true],
    ['as an id', `${BASE}?patient=p1`, true],
    ['as a URL', `${BASE}?subject:Patient=http://up/fhir/Patient/p1`, true],
    ['among others', `${BASE}?subject=Group/g1,Patient/p1`, false],
    ['by another parameter', `${BASE}?performer=Patient/p1`, false],
    ['behind a chain', `${BASE}?subject:Patient.link=Patient/p1`, false],
    ['behind a chain of another type', `${BASE}?subject:Group.member=Patient/p1`, false],
    ['as an identifier', `${BASE}?subject:identifier=urn:x|/Patient/p1`, false],
    ['as one of another type', `${BASE}?subject:Group=p1`, false],
    ['nowhere', `${BASE}?patient=Patient/p2`, false],
    ['of another', 'http://up/fhir/Patient/p11/Observation', false],
    ['of another type', 'http://up/fhir/OtherPatient/p1/Observation', false],
  ])('names the compartment %s', (_name, self, isNamed) => {
    const unused = unusedCriteria(self, { pairs: [], compartment: COMPARTMENT });

    expect(unused).toEqual(isNamed ? [] : ['Patient/p1']);
  });

  it.each([
    ['patient', 'Patient/p1', true],
    ['subject:Patient', 'Patient/p1', true],
    ['patient', 'p1', false],
    ['subject', 'http://elsewhere.example/fhir/Patient/p1', false],
    ['subject:Patient.link', 'Patient/p1', false],
    ['subject:identifier', 'urn:x|/Patient/p1', false],
    ['_count', 'p1', false],
    ['code', 'p1', false],
    ['_tag', 'p1', false],
  ])('names the compartment by what the caller sent itself: %s=%s: %s', (name, value, isNamed) => {
    const sent = { pairs: criteriaOf({ [name]: value }).pairs, compartment: COMPARTMENT };

    expect(unusedCriteria(`${BASE}?${name}=${value}`, sent)).toEqual(isNamed ? [] : ['Patient/p1']);
  });

  it('names no compartment by another spelling of what the caller sent', () => {
    const { pairs } = criteriaOf({ subject: 'http://elsewhere.example:80/fhir/Patient/p1' });
    const self = `${BASE}?subject=http://elsewhere.example/fhir/Patient/p1`;

    expect(unusedCriteria(self, { pairs, compartment: COMPARTMENT })).toEqual(['Patient/p1']);
  });

  const failureOf = (self: string | undefined, trust: SelfLinkTrust): string | undefined => {
    try {
      assertSearchedBy(self, { pairs: [['patient', '1']] }, trust);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each([
    ['required', `${BASE}?patient=1`, undefined],
    ['required', `${BASE}?code=1`, 'did not search by patient'],
    ['required', BASE, 'did not search by patient'],
    ['required', undefined, 'WARDGATE_UPSTREAM_SELF_LINK'],
    ['checked', `${BASE}?patient=1`, undefined],
    ['checked', `${BASE}?code=1`, 'did not search by patient'],
    ['checked', BASE, undefined],
    ['checked', undefined, undefined],
    ['ignored', `${BASE}?code=1`, undefined],
    ['ignored', undefined, undefined],
  ] as const)('that is %s, and is %s, is as good as it says', (trust, self, failure) => {
    const told = failureOf(self, trust);

    if (failure === undefined) expect(told).toBeUndefined();
    else expect(told).toContain(failure);
  });

  it('is not asked for where there are no criteria', () => {
    expect(() => {
      assertSearchedBy(undefined, criteriaOf({ _count: '1' }), 'required');
    }).not.toThrow();
  });
});
