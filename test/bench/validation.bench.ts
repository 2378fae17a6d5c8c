import { R4Definitions } from '../../src/fhir/definitions/r4-definitions.js';
import { structureIssues } from '../../src/fhir/structure-issues.js';
import { ResourceValidator } from '../../src/fhir/validation/resource-validator.js';
import type { JsonObject } from '../../src/interactions/formats/json.js';
import { DEFAULT_BODY_LIMITS } from '../../src/interactions/formats/body-limits.js';
import { parseJson } from '../../src/interactions/formats/parse-json.js';
import { row, spread, table } from './table.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 7);
const ROUND_MS = 300;

const PATIENT = {
  resourceType: 'Patient',
  identifier: [{ system: 'urn:oid:1.2.36', value: 'PAT-1' }],
  name: [{ family: 'Chalmers', given: ['Peter'] }],
  telecom: [{ system: 'phone', value: '1' }],
  gender: 'male',
  birthDate: '1974-12-25',
};
const quantity = {
  value: 120.5,
  unit: 'mmHg',
  system: 'http://unitsofmeasure.org',
  code: 'mm[Hg]',
};
const code = { coding: [{ system: 'http://loinc.org', code: '85354-9' }] };
const OBSERVATION = {
  resourceType: 'Observation',
  status: 'final',
  code,
  subject: { reference: 'Patient/p1' },
  effectiveDateTime: '2024-02-29T12:30:00Z',
  component: Array.from({ length: 10 }, () => ({ code, valueQuantity: quantity })),
};
const BUNDLE = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: Array.from({ length: 1000 }, (_, at) => ({ fullUrl: `urn:x:${at}`, resource: PATIENT })),
};

const validator = new ResourceValidator(new R4Definitions());

/** What validation costs beside reading the body, which every write does. Prints a table and judges nothing. */
async function main(): Promise<void> {
  const resources = Object.entries({
    'small Patient': PATIENT,
    'Observation with 10 components': OBSERVATION,
    'Bundle of 1000 Patients': BUNDLE,
  });
  const rows: string[] = [];
  for (const [name, resource] of resources) rows.push(await measure(name, resource));
  console.log(table(['resource', 'bytes', 'read, µs', 'structure, µs', 'validate, µs'], rows));
}

async function measure(
  name: string,
  resource: JsonObject & { readonly resourceType: string },
): Promise<string> {
  const text = JSON.stringify(resource);
  const { resourceType } = resource;
  const steps = [
    () => parseJson(text, DEFAULT_BODY_LIMITS),
    () => structureIssues(resourceType, resource),
    () => validator.issues(resource, resourceType),
  ];
  const rounds: number[][] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const times: number[] = [];
    for (const step of steps) times.push(await microseconds(step));
    // The first warms up.
    if (round > 0) rounds.push(times);
  }
  const figures = steps.map((_, step) =>
    spread(
      rounds.map((round) => round[step] ?? 0),
      1,
    ),
  );
  return row(name, String(text.length), ...figures);
}

async function microseconds(work: () => unknown): Promise<number> {
  const begin = performance.now();
  let times = 0;
  while (performance.now() - begin < ROUND_MS) {
    await work();
    times += 1;
  }
  return ((performance.now() - begin) * 1000) / times;
}

await main();
