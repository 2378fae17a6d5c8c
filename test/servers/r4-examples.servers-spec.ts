import { readdirSync, readFileSync } from 'node:fs';
import { R4Definitions } from '../../src/fhir/definitions/r4-definitions.js';
import { structureIssues } from '../../src/fhir/structure-issues.js';
import { ResourceValidator } from '../../src/fhir/validation/resource-validator.js';
import type { Json, JsonObject } from '../../src/interactions/formats/json.js';

interface InvalidExample {
  readonly name: string;
  readonly expression: string;
}

type Resource = JsonObject & { readonly resourceType: string };

/** The package hl7.fhir.r4.examples (4.0.1), unpacked. */
const FOLDER = process.env['WARDGATE_TEST_R4_EXAMPLES'] ?? '';
const files = FOLDER === '' ? [] : readdirSync(FOLDER).filter((name) => /^\w.*\.json$/.test(name));
const examples = files.filter((name) => name !== 'package.json');

const invalid = new Map(
  (
    JSON.parse(
      readFileSync('test/vectors/validation/invalid-r4-examples.json', 'utf8'),
    ) as readonly InvalidExample[]
  ).map(({ name, expression }) => [name, expression]),
);
const validator = new ResourceValidator(new R4Definitions());

async function firstError(resource: Resource): Promise<string | undefined> {
  const { resourceType: type } = resource;
  const broken = structureIssues(type, resource);
  const found = broken.length > 0 ? broken : await validator.issues(resource, type);
  return found.find(({ severity = 'error' }) => severity === 'error')?.expression;
}

const resourceOf = (name: string) =>
  JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8')) as Json as Resource;

// One test for many files: the names of those that are judged otherwise say more than thousands of tests.
(examples.length > 0 ? describe : describe.skip)('the examples that HL7 publishes for R4', () => {
  it('are all there', () => {
    expect(examples.length).toBeGreaterThan(5_000);
  });

  it('are valid, but for those that are known not to be', async () => {
    const refused: Record<string, string | undefined> = {};
    for (const name of examples) {
      const expression = await firstError(resourceOf(name));
      if (expression !== undefined) refused[name] = expression;
    }

    expect(refused).toEqual(Object.fromEntries(invalid));
  }, 600_000);

  it('are refused once an element is added, emptied or of another type', async () => {
    const accepted: string[] = [];
    for (const name of examples.filter(
      (each) => !invalid.has(each) && !each.startsWith('Bundle-'),
    )) {
      const resource = resourceOf(name);
      const spoilt: readonly JsonObject[] = [
        { ...resource, unknown: 'x' },
        { ...resource, meta: {} },
        { ...resource, implicitRules: 1 },
        { ...resource, language: ['en'] },
      ];
      for (const [at, each] of spoilt.entries()) {
        if ((await firstError(each as Resource)) === undefined) accepted.push(`${name} ${at}`);
      }
    }

    expect(accepted).toEqual([]);
  }, 600_000);
});
