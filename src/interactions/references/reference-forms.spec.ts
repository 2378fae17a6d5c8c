import { readFileSync } from 'node:fs';
import { InvalidResource } from '../../errors/fhir-error.js';
import { bodyOf, type Json } from '../formats/json.js';
import { ReferenceForms } from './reference-forms.js';

interface ConversionVector {
  readonly name: string;
  readonly form: 'fhir' | 'resource-type';
  readonly resourceType?: string;
  readonly resource: Json;
  /** `null` where nothing may change. */
  readonly converted?: Json;
  readonly disagreesAt?: string;
}

const file = new URL('../../../test/vectors/references/conversions.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as ConversionVector[];
const forms = new ReferenceForms({
  AccessPolicy: ['link[]'],
  Role: ['user', 'links.patient', 'links.practitioner'],
});

function convert({ form, resource, resourceType }: ConversionVector) {
  const body = bodyOf(resource);
  return form === 'fhir'
    ? forms.toFhirForm(body, resourceType)
    : forms.toResourceTypeForm(body, resourceType);
}

function expressions(vector: ConversionVector): (string | undefined)[] {
  try {
    convert(vector);
  } catch (error) {
    if (error instanceof InvalidResource) return error.issues.map(({ expression }) => expression);
    throw error;
  }
  return [];
}

describe('ReferenceForms', () => {
  it.each(vectors.filter(({ disagreesAt }) => disagreesAt === undefined))('$name', (vector) => {
    const expected = vector.converted ?? vector.resource;

    const converted = convert(vector);

    expect(converted.value).toEqual(expected);
    expect(JSON.parse(converted.text)).toEqual(expected);
  });

  it.each(vectors.filter(({ disagreesAt }) => disagreesAt !== undefined))('$name', (vector) => {
    expect(expressions(vector)).toEqual([vector.disagreesAt]);
  });

  it('hands back the same text where nothing had to change', () => {
    const body = {
      value: { resourceType: 'Observation', subject: { reference: 'Patient/p1' }, v: 1.1 },
      text: '{ "resourceType":"Observation", "subject":{"reference":"Patient/p1"}, "v":1.10 }',
    };

    expect(forms.toFhirForm(body)).toBe(body);
  });

  it('keeps decimals where something had to change', () => {
    const body = {
      value: {
        resourceType: 'Observation',
        v: 1.1,
        subject: { resourceType: 'Patient', id: 'p1' },
      },
      text: '{"resourceType":"Observation","v":1.10,"subject":{"resourceType":"Patient","id":"p1"}}',
    };

    expect(forms.toFhirForm(body).text).toBe(
      '{"resourceType":"Observation","v":1.10,"subject":{"reference":"Patient/p1"}}',
    );
  });

  it('names every reference that disagrees', () => {
    const both = { reference: 'User/a', resourceType: 'User', id: 'b' };
    const resource = { resourceType: 'AccessPolicy', link: [both, { reference: 'User/a' }, both] };

    expect(expressions({ name: '', form: 'fhir', resource })).toEqual([
      'AccessPolicy.link[0]',
      'AccessPolicy.link[2]',
    ]);
  });

  it('passes over bodies that are no objects', () => {
    expect(forms.toFhirForm(bodyOf([1])).value).toEqual([1]);
    expect(forms.toFhirForm(bodyOf(null)).value).toBeNull();
  });
});
