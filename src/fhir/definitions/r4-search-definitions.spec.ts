import { describe, expect, it } from '@jest/globals';
import { facetSlot } from '../../interactions/search/definitions/search-element.js';
import { RESOURCE_TYPES } from '../resource-types.js';
import { r4SearchDefinitions } from './r4-search-definitions.js';

const definitions = r4SearchDefinitions();

/** How the elements of a parameter are written, without their slots. */
function pathsOf(type: string, name: string): readonly string[] {
  const parameter = definitions.parameters(type).get(name);
  if (!parameter || parameter.kind === 'composite') return [];
  return parameter.elements.map(({ steps, type: dataType, target }) => {
    const path = steps.map((step) => {
      const where = step.where ? `[${step.where.name}=${step.where.text}]` : '';
      return `${step.name}${step.at === undefined ? '' : `[${step.at}]`}${where}`;
    });
    return `${path.join('.')}:${dataType}${target === undefined ? '' : `@${target}`}`;
  });
}

describe('the search parameters of R4', () => {
  it('are there for every type', () => {
    expect(definitions.types).toEqual([...RESOURCE_TYPES.keys()]);
  });

  it('never share a slot of the index between two elements', () => {
    const owners = new Map<number, string>();
    for (const type of definitions.types) {
      for (const element of definitions.elements(type)) {
        const isCommon = element.steps[0]?.name === 'meta';
        const path = JSON.stringify([isCommon ? 'Resource' : type, element.steps]);
        const facets = [facetSlot(element, 'identifier'), facetSlot(element, 'of-type')];
        for (const [at, slot] of [element.slot, ...facets].entries()) {
          const name = `${path} ${at}`;
          expect(owners.get(slot) ?? name).toBe(name);
          owners.set(slot, name);
        }
      }
    }
    expect(owners.size).toBeGreaterThan(4000);
  });

  it.each([
    ['Patient', 'birthdate', ['birthDate:date']],
    ['Patient', 'email', ['telecom[system=email]:ContactPoint']],
    ['Patient', 'given', ['name.given:string']],
    [
      'Patient',
      'name',
      ['family', 'given', 'prefix', 'suffix', 'text'].map((part) => `name.${part}:string`),
    ],
    ['Patient', 'deceased', [':Deceased']],
    ['Observation', 'patient', ['subject:Reference@Patient']],
    [
      'Observation',
      'date',
      [
        ...['effectiveDateTime:dateTime', 'effectivePeriod:Period', 'effectiveTiming:Timing'],
        'effectiveInstant:instant',
      ],
    ],
    ['Observation', 'value-string', ['valueString:string', 'valueCodeableConcept.text:string']],
    ['Bundle', 'composition', ['entry[0].resource:Resource']],
    ['PlanDefinition', 'composed-of', ['relatedArtifact[type=composed-of].resource:canonical']],
    ['InsurancePlan', 'name', ['name:string', 'alias:string']],
  ])('look at what R4 says: %s %s', (type, name, paths) => {
    expect(pathsOf(type, name)).toEqual(paths);
  });

  it('keep one element once, however many parameters look at it', () => {
    const subject = (name: string) => {
      const parameter = definitions.parameters('Observation').get(name);
      return parameter?.kind === 'reference' ? parameter.elements[0]?.slot : undefined;
    };

    expect(subject('patient')).toBe(subject('subject'));
    expect(subject('subject')).toEqual(expect.any(Number));
  });

  it('know the parts of composites, and which belong to one repetition', () => {
    const parts = (type: string, name: string) => {
      const parameter = definitions.parameters(type).get(name);
      return parameter?.kind === 'composite'
        ? parameter.components.map((one) => [one.parameter.name, one.isLinked])
        : [];
    };

    expect(parts('Observation', 'component-code-value-quantity')).toEqual([
      ['component-code', true],
      ['component-value-quantity', true],
    ]);
    expect(parts('MolecularSequence', 'chromosome-variant-coordinate')).toEqual([
      ['chromosome', false],
      ['variant-start', true],
      ['variant-end', true],
    ]);
  });

  it('know who is in the compartment of a patient', () => {
    expect(definitions.compartmentParameters('Patient', 'Observation')).toEqual([
      'subject',
      'performer',
    ]);
    expect(definitions.compartmentParameters('Patient', 'Practitioner')).toEqual([]);
    expect(definitions.compartmentParameters('Patient', 'constructor')).toEqual([]);
  });

  it('know the compartments of others', () => {
    expect(definitions.compartments).toEqual([
      'Device',
      'Encounter',
      'Patient',
      'Practitioner',
      'RelatedPerson',
    ]);
    expect(definitions.compartmentParameters('Encounter', 'Observation')).toEqual(['encounter']);
    expect(definitions.compartmentParameters('Device', 'Observation')).toEqual([
      'subject',
      'device',
    ]);
    expect(definitions.compartmentParameters('Encounter', 'Encounter')).toEqual([]);
  });
});

describe('search parameters beyond R4', () => {
  const further = (type: string, name: string, targets: readonly string[] = []) =>
    r4SearchDefinitions([
      { type, name, kind: targets.length > 0 ? 'reference' : 'token', targets },
    ]);

  it('are those of one type, beside its own', () => {
    const known = further('Patient', 'race');

    expect(known.parameters('Patient').get('race')).toMatchObject({ kind: 'token', targets: [] });
    expect(known.parameters('Patient').has('birthdate')).toBe(true);
    expect(known.parameters('Observation').has('race')).toBe(false);
    expect(further('Task', 'kit', ['Device']).parameters('Task').get('kit')).toMatchObject({
      kind: 'reference',
      targets: ['Device'],
    });
  });

  it.each([
    ['User', 'x', []],
    ['Task', 'kit', ['Alien']],
    ['Patient', 'name', []],
    ['Patient', '_tag', []],
  ])('are no parameters of R4, nor of what it has not: %s.%s %j', (type, name, targets) => {
    expect(() => further(type, name, targets)).toThrow(`${name}: R4 has`);
  });
});
