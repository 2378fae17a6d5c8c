import { Ajv } from 'ajv';
import { joinPath, PolicyIssues } from '../invalid-policy.js';
import type { Json, JsonObject } from '../json.js';
import { parsePointer } from './data-pointer.js';
import { FORMATS } from './formats.js';
import { JsonSchema } from './json-schema.js';
import { SchemaWalk } from './schema-walk.js';
import { unresolvedReferences } from './schema-references.js';

const metaValidator = new Ajv({ strict: false, $data: true, logger: false, allErrors: true });
for (const [name, test] of FORMATS) metaValidator.addFormat(name, test);

/**
 * Checks a draft-07 schema completely and makes it ready to validate requests (spec §7).
 *
 * @param path where the schema stands, for the issues.
 * @throws InvalidPolicy with every problem: unknown keywords and formats, regular expressions that
 * are not linear, `$data` and `$ref` that cannot be followed, values the meta-schema refuses.
 */
export function parseSchema(source: Json, path = 'AccessPolicy.schema'): JsonSchema {
  const issues = new PolicyIssues();
  const walk = new SchemaWalk(issues);
  const normalized = walk.schema(source, { path, pointer: [], base: '', depth: 0 });
  for (const { at, reference } of unresolvedReferences(walk)) {
    issues.add(at, `"${reference}" leads to no schema of this document or of draft-07`);
  }
  issues.throwIfAny();

  checkAgainstMetaSchema(normalized, path, issues);
  issues.throwIfAny();

  const schema = new JsonSchema(normalized, walk.pointers, walk.usesConstant, walk.usesNot);
  // How references and identifiers work together is for the validator to say, once it is written.
  if (walk.references.length > 0 || walk.identifiers.size > 0) {
    tryCompiling(schema, path, issues);
    issues.throwIfAny();
  }
  return schema;
}

function checkAgainstMetaSchema(
  schema: JsonObject | boolean,
  path: string,
  issues: PolicyIssues,
): void {
  if (metaValidator.validateSchema(schema) === true) return;
  for (const error of metaValidator.errors ?? []) {
    const segments = parsePointer(`#${error.instancePath}`) ?? [];
    issues.add(
      segments.reduce<string>(joinPath, path),
      error.message ?? 'not allowed by the meta-schema of draft-07',
    );
  }
}

function tryCompiling(schema: JsonSchema, path: string, issues: PolicyIssues): void {
  try {
    schema.compile();
  } catch (error) {
    issues.add(path, error instanceof Error ? error.message : 'the schema cannot be compiled');
  }
}
