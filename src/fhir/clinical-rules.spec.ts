import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { FhirError } from '../errors/fhir-error.js';
import { bodyOf, type Json, type ParsedBody } from '../interactions/formats/json.js';
import { ClinicalRules } from './clinical-rules.js';
import { R4Definitions } from './definitions/r4-definitions.js';
import { RESOURCE_TYPES } from './resource-types.js';
import { ResourceValidator } from './validation/resource-validator.js';

const EXAMPLES = '../shared/data/fhir-test-cases/r4/examples';
const SYNTHEA = '../shared/data/synthea-r4';

interface Resource {
  readonly resourceType: string;
  readonly id?: string;
  readonly [element: string]: Json | undefined;
}

const R4 = new R4Definitions();
const validator = new ResourceValidator(R4);
const NO_PROFILES = {
  issues: () => Promise.resolve([]),
  required: { assertMayChange: () => Promise.resolve() },
};
const NO_INTEGRITY = { written: () => undefined, removed: () => undefined };

function accept(type: string, body: ParsedBody, id = 'p1') {
  return new ClinicalRules(type, validator, NO_PROFILES, NO_INTEGRITY).accept(body, { id });
}

async function failure(type: string, value: Json, id?: string): Promise<FhirError> {
  const error: unknown = await accept(type, bodyOf(value), id).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FhirError) return error;
  throw new Error('The resource was accepted');
}

function jsonFiles(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => name.endsWith('.json')).map((name) => `${folder}/${name}`);
}

describe('ClinicalRules', () => {
  it('keeps a body as it was written', async () => {
    const text =
      '{ "id":"p1", "resourceType":"Observation", "status":"final", "code":{"text":"x"}, "valueQuantity": {"value": 1.10} }';

    const accepted = await accept('Observation', { value: JSON.parse(text) as Json, text });

    expect(accepted).toMatchObject({ text, secrets: {}, warnings: [] });
  });

  it('refuses an error that comes after more warnings than are shown', async () => {
    const warned = Array.from({ length: 20 }, (_, at) => ({
      resourceType: 'Library',
      id: `l${at}`,
      status: 'draft',
      type: { text: 'x' },
      name: 'a b',
    }));
    const extension = warned.map(({ id }) => ({
      url: 'urn:l',
      valueReference: { reference: `#${id}` },
    }));
    const patient = { resourceType: 'Patient', id: 'p1', contained: warned, extension };
    const error = await failure('Patient', { ...patient, contact: [{ gender: 'male' }] });
    const errors = error.issues.filter(({ severity }) => severity === 'error');

    expect(errors.map(({ expression }) => expression)).toEqual(['Patient.contact[0]']);
    await expect(accept('Patient', bodyOf(patient))).resolves.toBeDefined();
  });

  it('refuses what it has prepared where it is accepted', async () => {
    const rules = new ClinicalRules('Patient', validator, NO_PROFILES, NO_INTEGRITY);
    const bodies = [{ gender: 'M' }, { gender: 'male' }].map((elements) =>
      bodyOf({ resourceType: 'Patient', ...elements }),
    );
    const [invalid, valid] = await Promise.all(bodies.map((body) => rules.prepare(body)));

    await expect(rules.accept(invalid ?? bodyOf(null), { id: 'p1' })).rejects.toThrow('code of');
    await expect(rules.accept(valid ?? bodyOf(null), { id: 'p1' })).resolves.toBeDefined();
  });

  it('writes references in the form of FHIR, and keeps decimals while it does', async () => {
    const text =
      '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.10},"subject":{"resourceType":"Patient","id":"p1"}}';

    const accepted = await accept('Observation', { value: JSON.parse(text) as Json, text });

    expect(accepted.text).toBe(
      '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.10},"subject":{"reference":"Patient/p1"}}',
    );
  });

  it.each<[string, Json]>([
    ['an array', [{ resourceType: 'Patient' }]],
    ['a string', 'Patient'],
    ['null', null],
    ['an object without resourceType', { id: 'p1' }],
    ['another type', { resourceType: 'Practitioner' }],
    ['the type in another case', { resourceType: 'patient' }],
    ['a resourceType that is no string', { resourceType: ['Patient'] }],
    ['an inherited resourceType', Object.create({ resourceType: 'Patient' }) as Json],
    ['another id', { resourceType: 'Patient', id: 'p2' }],
    ['an id that is no string', { resourceType: 'Patient', id: 1 }],
  ])('refuses %s with 400', async (_, value) => {
    expect((await failure('Patient', value)).status).toBe(400);
  });

  it.each<[string, Record<string, Json>, string]>([
    ['a meta that is no object', { meta: ['x'] }, 'Patient.meta'],
    [
      'extensions of meta that are no array',
      { meta: { extension: { url: 'x' } } },
      'Patient.meta.extension',
    ],
    ['profiles of meta that are no array', { meta: { profile: 'x' } }, 'Patient.meta.profile'],
    ['one Identifier where R4 has an array', { identifier: { value: '1' } }, 'Patient.identifier'],
    ['identifiers that are strings', { identifier: ['1'] }, 'Patient.identifier[0]'],
    ['an empty element', { name: [] }, 'Patient.name'],
  ])('refuses %s with 422', async (_, elements, expression) => {
    const error = await failure('Patient', { resourceType: 'Patient', ...elements });

    expect(error.status).toBe(422);
    expect(error.issues.map((issue) => issue.expression)).toEqual([expression]);
  });

  it('refuses an array of identifiers where R4 has one', async () => {
    const value = { resourceType: 'Bundle', type: 'collection', identifier: [{ value: '1' }] };

    expect((await failure('Bundle', value)).issues.map((issue) => issue.expression)).toEqual([
      'Bundle.identifier',
    ]);
  });

  it('refuses a reference whose two forms disagree', async () => {
    const subject = { reference: 'Patient/p1', resourceType: 'Patient', id: 'p2' };
    const error = await failure('Observation', { resourceType: 'Observation', subject });

    expect(error.status).toBe(422);
  });

  it('accepts an identifier, and meta with everything that a client may say there', async () => {
    const value = {
      resourceType: 'Patient',
      identifier: [{ system: 'urn:s', value: '1' }],
      meta: { tag: [{ code: 't' }], profile: ['p'], security: [{ code: 'R' }] },
    };

    await expect(accept('Patient', bodyOf(value))).resolves.toBeDefined();
  });
});

interface InvalidExample {
  readonly name: string;
  readonly expression: string;
}

/** Published examples that R4 itself does not allow. */
const invalidExamples = new Map(
  (
    JSON.parse(
      readFileSync('test/vectors/validation/invalid-examples.json', 'utf8'),
    ) as InvalidExample[]
  ).map(({ name, expression }) => [name, expression]),
);

const examples = jsonFiles(EXAMPLES);
// The published examples are not part of the repository.
(examples.length > 0 ? describe : describe.skip)('the published R4 examples', () => {
  const isInvalid = (file: string) => invalidExamples.has(basename(file));

  it.each(examples.filter(isInvalid))('%s is refused', async (file) => {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Resource;
    const error = await failure(value.resourceType, value as Json, value.id);

    expect(error.issues[0]?.expression).toBe(invalidExamples.get(basename(file)));
  });

  it.each(examples.filter((file) => !isInvalid(file)))('%s is kept byte for byte', async (file) => {
    const text = readFileSync(file, 'utf8');
    const value = JSON.parse(text) as Resource;

    expect(RESOURCE_TYPES.has(value.resourceType)).toBe(true);
    const accepted = await accept(value.resourceType, { value: value as Json, text }, value.id);
    expect(accepted.text).toBe(text);
  });
});

const bundles = jsonFiles(SYNTHEA);
(bundles.length > 0 ? describe : describe.skip)('the resources of synthetic patients', () => {
  it.each(bundles)('of %s are kept byte for byte', async (file) => {
    const bundle = JSON.parse(readFileSync(file, 'utf8')) as { entry: { resource: Resource }[] };

    for (const { resource } of bundle.entry) {
      const text = JSON.stringify(resource, null, 1);
      const body = { value: resource as Json, text };
      expect((await accept(resource.resourceType, body, resource.id)).text).toBe(text);
    }
    expect(bundle.entry.length).toBeGreaterThan(0);
  });
});
