import { Ajv } from 'ajv';
import { joinPath, PolicyIssues } from '../invalid-policy.js';
import type { Json, JsonObject } from '../json.js';
import { parsePointer } from './data-pointer.js';
import type { RegexBudget } from '../matcho/regex-budget.js';
import { FORMATS } from './formats.js';
import { JsonSchema } from './json-schema.js';
import { overlyExpandedReference } from './schema-expansion.js';
import { SchemaWalk } from './schema-walk.js';
import { unresolvedReferences } from './schema-references.js';

const metaValidator = new Ajv({ strict: false, $data: true, logger: false, allErrors: true });
for (const [name, test] of FORMATS) {
  metaValidator.addFormat(name, (text: string) => test(text));
}

/** What a schema is parsed with besides its source. */
export interface SchemaSurroundings {
  /** Whether it was checked when it was written: it is not compiled before it is used, as there may be thousands. */
  readonly isStored: boolean;
  /** What its regular expressions share with others of the same policy. */
  readonly expressions?: RegexBudget | undefined;
}

/**
 * Checks a draft-07 schema completely and makes it ready to validate requests (spec §7).
 *
 * @param path where the schema stands, for the issues.
 * @throws InvalidPolicy with every problem: unknown keywords and formats, regular expressions that
 * are not linear, `$data` and `$ref` that cannot be followed, values the meta-schema refuses, too many
 * keywords, and what the compiler refuses.
 */
export function parseSchema(
  source: Json,
  path = 'AccessPolicy.schema',
  { isStored, expressions }: SchemaSurroundings = { isStored: false },
): JsonSchema {
  const issues = new PolicyIssues();
  const walk = new SchemaWalk(issues, expressions);
  const normalized = walk.schema(source, { path, pointer: [], base: '', depth: 0 });
  for (const { at, reference } of unresolvedReferences(walk)) {
    issues.add(at, `"${reference}" leads to no schema of this document or of draft-07`);
  }
  const expanding = overlyExpandedReference(walk);
  if (expanding) {
    issues.add(
      expanding.at,
      'leads to more than 1000 schemas for one value, by way of other references',
    );
  }
  issues.throwIfAny();

  checkAgainstMetaSchema(normalized, path, issues);
  issues.throwIfAny();

  const schema = new JsonSchema(normalized, walk.pointers, walk.usesConstant, walk.usesNot);
  if (!isStored) tryCompiling(schema, path, issues);
  issues.throwIfAny();
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
    const isTooLarge = error instanceof RangeError || !(error instanceof Error);
    issues.add(path, isTooLarge ? 'too large, or its references too long a chain' : error.message);
  }
}
