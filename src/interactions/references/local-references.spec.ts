import { bodyOf, type Json } from '../formats/json.js';
import { LocalReferences, type ContentKind } from './local-references.js';

const HERE = 'https://here.example/fhir';
const BEHIND = 'http://10.0.0.7:8080/fhir';
const local = new LocalReferences([HERE, BEHIND]);
const convert = (content: Json, kind: ContentKind = 'resource') =>
  local.inBody(bodyOf(content), kind).value;
const subject = (reference: Json) => ({ resourceType: 'Basic', subject: { reference } });

describe('LocalReferences', () => {
  it.each([
    [`${HERE}/Patient/p1`, 'Patient/p1'],
    [`${BEHIND}/Patient/p1`, 'Patient/p1'],
    [`${HERE}/Patient/p1/_history/2`, 'Patient/p1/_history/2'],
  ])('writes %s relative', (reference, relative) => {
    expect(convert(subject(reference))).toEqual(subject(relative));
    expect(convert({ contained: [subject(reference)] })).toEqual({
      contained: [subject(relative)],
    });
    expect(convert(subject([reference]))).toEqual(subject([relative]));
  });

  it.each([
    'Patient/p1',
    '#p1',
    'urn:uuid:7c0a2d5e-6f0c-4a5e-9d3b-0a4b6b7f5b11',
    'https://elsewhere.example/fhir/Patient/p1',
    'https://here.example/fhirs/Patient/p1',
    `x ${HERE}/Patient/p1`,
    `${HERE}/Patient`,
    `${HERE}/Patient?name=x`,
    `${HERE}/Patient/p1#x`,
    `${HERE}/Patient/../x`,
    `${HERE}//Patient/p1`,
  ])('leaves the reference %s', (reference) => {
    expect(convert(subject(reference))).toEqual(subject(reference));
  });

  it('leaves what is no reference', () => {
    const url = `${HERE}/Patient/p1`;
    const content = {
      ...{ resourceType: 'Basic', url, instantiatesCanonical: [url], display: url },
      photo: [{ url }],
      text: { div: `<a href="${url}">${url}</a>` },
      x: { reference: { display: url } },
      path: 'x.reference',
      value: url,
    };

    expect(convert(content)).toEqual(content);
  });

  it('leaves the entries of a Bundle that is stored', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ fullUrl: `${HERE}/Basic/b1`, resource: subject(`${HERE}/Patient/p1`) }],
    };

    expect(convert(bundle)).toEqual(bundle);
    expect(convert({ contained: [bundle] })).toEqual({ contained: [bundle] });
  });

  it('spares what a transaction refers to among its entries, which a batch cannot', () => {
    const bundle = (type: string, own: string, other: string) => ({
      resourceType: 'Bundle',
      type,
      entry: [
        { fullUrl: `${HERE}/Patient/p1`, request: { url: `${HERE}/Patient/p1` } },
        { resource: subject(own) },
        { resource: subject(other) },
      ],
    });
    const sent = (type: string) => bundle(type, `${HERE}/Patient/p1`, `${HERE}/Patient/p2`);

    expect(convert(sent('transaction'), 'requests')).toEqual(
      bundle('transaction', `${HERE}/Patient/p1`, 'Patient/p2'),
    );
    expect(convert(sent('batch'), 'requests')).toEqual(bundle('batch', 'Patient/p1', 'Patient/p2'));
  });

  it.each(['GET', 'HEAD', 'DELETE'])(
    'spares nothing for what a transaction does by %s',
    (method) => {
      const url = `${HERE}/Patient/p1`;
      const bundle = (reference: string) => ({
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ fullUrl: url, request: { method, url } }, { resource: subject(reference) }],
      });

      expect(convert(bundle(url), 'requests')).toEqual(bundle('Patient/p1'));
    },
  );

  it.each([
    'Basic.subject.reference ',
    'Basic.subject.reference[0]',
    'Basic.subject.`reference`',
    'Basic.subject.`re\\u0066erence`',
    '(Basic.subject.reference)',
    'Basic.subject.reference.first()',
    'Basic.subject. reference',
    'Basic.subject.children()',
    "Basic.where(id = 'x').subject.reference",
  ])('takes the FHIRPath %s for one that may lead to a reference', (path) => {
    const patch = (text: string) => ({
      parameter: [
        operation(part('path', { valueString: path }), part('value', { valueString: text })),
      ],
    });

    expect(convert(patch(`${HERE}/Patient/p1`) as Json, 'patch')).toEqual(patch('Patient/p1'));
  });

  it.each(['Basic.subject.display', 'Basic.extension[0].value', 'Basic'])(
    'leaves what is written to %s',
    (path) => {
      const patch = {
        parameter: [
          operation(
            part('path', { valueString: path }),
            part('value', { valueString: `${HERE}/Patient/p1` }),
          ),
        ],
      };

      expect(convert(patch as Json, 'patch')).toEqual(patch);
    },
  );

  it('reads the patches of a Bundle as what they are, those in a Binary too', () => {
    const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64');
    const bundle = (text: string, system: string, url: string) => {
      const binary = (reference: string) => ({
        resourceType: 'Binary',
        data: base64({ subject: { reference } }),
      });
      const parameters = {
        resourceType: 'Parameters',
        parameter: [
          operation(
            part('path', { valueString: 'Basic.subject.reference' }),
            part('value', { valueString: text }),
          ),
        ],
      };
      return {
        resourceType: 'Bundle',
        type: 'batch',
        entry: [
          { request: { method: 'PATCH', url }, resource: binary(text) },
          { request: { method: 'PATCH', url }, resource: parameters },
          { request: { method: 'PATCH', url: 'AccessPolicy/a' }, resource: binary(system) },
          { request: { method: 'PATCH', url }, resource: { resourceType: 'Binary', data: 'x' } },
        ],
      };
    };
    const whole = `${HERE}/Patient/p1`;
    const sparing = new LocalReferences([HERE], ['AccessPolicy']);

    for (const url of ['Basic/b', `${HERE}/Basic/b`, 'Basic?_id=/AccessPolicy/b']) {
      const sent = bodyOf(bundle(whole, whole, url) as Json);
      expect(sparing.inBody(sent, 'requests').value).toEqual(bundle('Patient/p1', whole, url));
    }
  });

  it('spares entries of types that are none of clinical resources', () => {
    const sparing = new LocalReferences([HERE], ['AccessPolicy']);
    const policy = { ...subject(`${HERE}/Patient/p1`), resourceType: 'AccessPolicy' };
    const bundle = (reference: string) => ({
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ resource: policy }, { resource: subject(reference) }],
    });

    expect(sparing.inBody(bodyOf(bundle(`${HERE}/Patient/p1`)), 'requests').value).toEqual(
      bundle('Patient/p1'),
    );
  });

  const part = (name: string, value: object) => ({ name, ...value });
  const operation = (...parts: object[]) => ({ name: 'operation', part: parts });
  const PATCHES: readonly [string, (text: string) => unknown][] = [
    ['a merge patch', (text) => ({ subject: { reference: text } })],
    ['an object', (text) => [{ op: 'add', path: '/subject', value: { reference: text } }]],
    ['a text', (text) => [{ op: 'replace', path: '/subject/reference', value: text }]],
    [
      'FHIRPath',
      (text) => ({
        parameter: [
          operation(
            part('path', { valueString: 'Basic.subject.reference' }),
            part('value', { valueString: text }),
          ),
        ],
      }),
    ],
    [
      'an element that FHIRPath adds',
      (text) => ({
        parameter: [
          operation(
            part('path', { valueString: 'Basic.subject' }),
            part('name', { valueString: 'reference' }),
            part('value', { valueUri: text }),
          ),
        ],
      }),
    ],
    [
      'a value in parts',
      (text) => ({
        parameter: [
          operation(
            part('path', { valueString: 'Basic.subject' }),
            part('value', { part: [part('reference', { valueString: text })] }),
          ),
        ],
      }),
    ],
  ];
  it.each(PATCHES)('writes the reference of a patch relative: %s', (_name, patch) => {
    const sent = patch(`${HERE}/Patient/p1`) as Json;

    expect(convert(sent, 'patch')).toEqual(patch('Patient/p1'));
  });

  it('leaves what a patch writes elsewhere', () => {
    const patch = [{ op: 'add', path: '/photo/0/url', value: `${HERE}/Binary/b1` }];

    expect(convert(patch, 'patch')).toEqual(patch);
  });

  it('keeps the digits of numbers, and a body that has no such reference as it is', () => {
    const text = `{"value":1.500,"subject":{"reference":"${HERE}/Patient/p1"}}`;
    const body = { text, value: JSON.parse(text) as Json };

    expect(local.inBody(body, 'resource').text).toBe(
      '{"value":1.500,"subject":{"reference":"Patient/p1"}}',
    );
    expect(new LocalReferences([]).inBody(body, 'resource')).toBe(body);
    const other = bodyOf(subject('Patient/p1'));
    expect(local.inBody(other, 'resource')).toBe(other);
  });
});
