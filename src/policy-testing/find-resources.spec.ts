import { bodyOf, type Json } from '../interactions/formats/json.js';
import { findResources } from './find-resources.js';

const POLICY = { resourceType: 'AccessPolicy', id: 'p', engine: 'allow' };
const USER = { resourceType: 'User', id: 'u1' };

const found = (...documents: readonly Json[]): readonly string[] =>
  findResources(documents.map(bodyOf), new Set(['User', 'Patient'])).map((resource) => {
    switch (resource.kind) {
      case 'policy':
        return `${resource.place}|policy ${resource.id ?? '-'}`;
      case 'other':
        return `${resource.place}|other ${resource.name}`;
      case 'problem':
        return `${resource.place}|${resource.problem}`;
    }
  });

describe('findResources', () => {
  it.each<[string, readonly Json[], readonly string[]]>([
    ['a policy', [POLICY], ['|policy p']],
    ['one without an id', [{ engine: 'allow' }], ['|policy -']],
    [
      'those of several documents',
      [POLICY, USER],
      ['document 1|policy p', 'document 2|other User/u1'],
    ],
    ['those of a list', [[POLICY, USER]], ['[0]|policy p', '[1]|other User/u1']],
    [
      'those of a list in a document',
      [USER, [POLICY]],
      ['document 1|other User/u1', 'document 2 [0]|policy p'],
    ],
    [
      'those of a Bundle',
      [{ resourceType: 'Bundle', entry: [{ resource: POLICY }, { resource: USER }] }],
      ['entry[0]|policy p', 'entry[1]|other User/u1'],
    ],
    ['none in an empty Bundle', [{ resourceType: 'Bundle' }], []],
    ['none in an empty list', [[]], []],
  ])('finds %s', (_what, documents, expected) => {
    expect(found(...documents)).toEqual(expected);
  });

  it.each(['AccessPolicy/url', '/AccessPolicy/url', '/fhir/AccessPolicy/url'])(
    'takes the id of the URL %s of a PUT',
    (url) => {
      const entry = { request: { method: 'PUT', url }, resource: POLICY };

      expect(found({ resourceType: 'Bundle', entry: [entry] })).toEqual(['entry[0]|policy url']);
    },
  );

  it('takes the id of the resource of a POST', () => {
    const entry = { request: { method: 'POST', url: 'AccessPolicy' }, resource: POLICY };

    expect(found({ resourceType: 'Bundle', entry: [entry] })).toEqual(['entry[0]|policy p']);
  });

  it('passes over entries without a resource, and tells of patches', () => {
    const entry = [
      { request: { method: 'DELETE', url: 'AccessPolicy/p' } },
      { request: { method: 'PATCH', url: 'AccessPolicy/p' }, resource: { description: 'x' } },
    ];

    expect(found({ resourceType: 'Bundle', entry })).toEqual([
      'entry[0]|other DELETE AccessPolicy/p',
      'entry[1]|A patch is not tested; write the whole policy',
    ]);
  });

  it.each<[Json, string]>([
    ['text', 'is no resource, which is an object'],
    [null, 'is no resource, which is an object'],
    [{ name: 'x' }, 'has neither a resourceType nor an engine'],
    [{ resourceType: 'AccesPolicy' }, 'has the resourceType "AccesPolicy", which is none'],
    [{ resourceType: 5, engine: 'allow' }, 'has the resourceType 5, which is none'],
    [{ resourceType: 'Bundle', entry: {} }, 'Bundle.entry must be an array'],
  ])('tells of %j', (document, problem) => {
    expect(found(document)).toEqual([`|${problem}`]);
  });

  it('looks into no list in a list, and no Bundle in a Bundle', () => {
    expect(found([[POLICY]])).toEqual(['[0]|is no resource, which is an object']);
    const inner = { resourceType: 'Bundle', entry: [{ resource: POLICY }] };
    expect(found({ resourceType: 'Bundle', entry: [{ resource: inner }] })).toEqual([
      'entry[0]|has the resourceType "Bundle", which is none',
    ]);
  });
});
