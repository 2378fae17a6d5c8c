import { InvalidPolicy, joinPath, PolicyIssues } from './invalid-policy.js';
import { isArray, isObject, own, type Json, type JsonObject } from './json.js';
import type { JsonSchema } from './json-schema/json-schema.js';
import { parseSchema } from './json-schema/parse-schema.js';
import { equalitiesOf } from './matcho/equalities.js';
import type { Pattern } from './matcho/pattern.js';
import { parsePattern } from './matcho/parse-pattern.js';
import type { RegexBudget } from './matcho/regex-budget.js';
import { POLICY_ENGINES, type PolicyEngine, type Rule } from './policy.js';
import { asksDatabase } from './sql-predicate.js';
import { parseStatement } from './sql/parse-statement.js';
import type { SqlDialect } from './sql/sql-dialect.js';

const MAX_DEPTH = 8;
const MAX_RULES = 100;
const MAX_METHODS = 1_000;

/** What a rule is parsed with besides its source. */
export interface RuleSurroundings {
  /** `undefined` where `engine: sql` is not available, which is refused then. */
  readonly sql: SqlDialect | undefined;
  /** Whether it was checked when it was written: what takes long is left until it is used. */
  readonly isStored: boolean;
  /** What all regular expressions of the policy share. */
  readonly expressions: RegexBudget;
  /** How many complex rules it is in. */
  readonly depth: number;
}

/** The elements that belong to an engine; there for it, and only for it. */
const ELEMENTS_OF: Readonly<Record<PolicyEngine, readonly string[]>> = {
  allow: [],
  matcho: ['matcho'],
  'json-schema': ['schema'],
  sql: ['sql'],
  complex: ['and', 'or'],
  'matcho-rpc': ['rpc'],
  'allow-rpc': ['rpc'],
};

const ENGINE_ELEMENTS = [...new Set(Object.values(ELEMENTS_OF).flat())];

/** What a rule inside a complex policy may have; a link or role in there would have no effect. */
const RULE_ELEMENTS: ReadonlySet<string> = new Set(['engine', 'description', ...ENGINE_ELEMENTS]);

/**
 * Parses what the engine of a policy evaluates (spec §7).
 *
 * @param path where the rule stands, for the issues.
 * @throws InvalidPolicy with every problem.
 */
export function parseRule(source: JsonObject, path: string, within: RuleSurroundings): Rule {
  const engine = engineOf(source, path, within.depth);
  const issues = new PolicyIssues();
  for (const element of ENGINE_ELEMENTS) {
    if (Object.hasOwn(source, element) && !ELEMENTS_OF[engine].includes(element)) {
      issues.add(joinPath(path, element), `does not belong to engine ${engine}`);
    }
  }
  const rule = issues.collect(() => parseEngine(engine, source, path, within));
  issues.throwIfAny();
  if (!rule) throw new InvalidPolicy([{ path, message: 'no rule' }]);
  return rule;
}

function engineOf(source: JsonObject, path: string, depth: number): PolicyEngine {
  const written = own(source, 'engine');
  // Inside a complex policy, "and" and "or" speak for themselves.
  const isNested = depth > 0 && (Object.hasOwn(source, 'and') || Object.hasOwn(source, 'or'));
  const name = written === undefined && isNested ? 'complex' : written;
  const engine = POLICY_ENGINES.find((known) => known === name);
  if (engine === undefined) {
    throw refusal(`${path}.engine`, `must be one of ${POLICY_ENGINES.join(', ')}`);
  }
  return engine;
}

function parseEngine(
  engine: PolicyEngine,
  source: JsonObject,
  path: string,
  within: RuleSurroundings,
): Rule {
  switch (engine) {
    case 'allow':
      return { engine };
    case 'matcho': {
      const written = required(source, 'matcho', path);
      const pattern = parsePattern(written, `${path}.matcho`, within.expressions);
      return { engine, pattern, equalities: equalitiesOf(pattern) };
    }
    case 'json-schema':
      return { engine, schema: schemaOf(source, path, within) };
    case 'complex':
      return parseComplex(source, path, within);
    case 'matcho-rpc':
      return {
        engine,
        methods: parsePatterns(methodsOf(source, path), `${path}.rpc`, within.expressions),
      };
    case 'allow-rpc':
      return { engine, methods: parseFlags(methodsOf(source, path), `${path}.rpc`) };
    case 'sql':
      return parseSql(source, path, within.sql);
  }
}

function schemaOf(source: JsonObject, path: string, within: RuleSurroundings): JsonSchema {
  return parseSchema(required(source, 'schema', path), `${path}.schema`, within);
}

function parseSql(source: JsonObject, path: string, sql: SqlDialect | undefined): Rule {
  if (!sql) throw refusal(`${path}.engine`, 'engine sql is not available on this server');
  const written = required(source, 'sql', path);
  return { engine: 'sql', statement: parseStatement(written, `${path}.sql`, sql) };
}

function parseComplex(source: JsonObject, path: string, within: RuleSurroundings): Rule {
  const written = (['and', 'or'] as const).filter((key) => Object.hasOwn(source, key));
  const [operator] = written;
  if (operator === undefined || written.length > 1) {
    throw refusal(path, 'engine complex needs "and" or "or", and not both on one level');
  }
  const place = `${path}.${operator}`;
  const list = own(source, operator);
  if (!isArray(list) || list.length === 0 || list.length > MAX_RULES) {
    throw refusal(place, `a list of 1 to ${MAX_RULES} rules`);
  }
  if (within.depth >= MAX_DEPTH) throw refusal(place, `nested deeper than ${MAX_DEPTH} levels`);
  const issues = new PolicyIssues();
  const rules = list.map((rule, index) =>
    issues.collect(() =>
      parseNested(rule, joinPath(place, index), { ...within, depth: within.depth + 1 }),
    ),
  );
  issues.throwIfAny();
  const parsed = rules.filter((rule) => rule !== undefined);
  return { engine: 'complex', operator, rules: parsed, asksDatabase: parsed.some(asksDatabase) };
}

function parseNested(source: Json, path: string, within: RuleSurroundings): Rule {
  if (!isObject(source)) throw refusal(path, 'a rule is an object with an engine');
  const issues = new PolicyIssues();
  for (const key of Object.keys(source)) {
    if (!RULE_ELEMENTS.has(key)) issues.add(joinPath(path, key), 'has no effect inside a rule');
  }
  const rule = issues.collect(() => parseRule(source, path, within));
  issues.throwIfAny();
  if (!rule) throw refusal(path, 'no rule');
  return rule;
}

function parsePatterns(
  methods: JsonObject,
  path: string,
  expressions: RegexBudget,
): ReadonlyMap<string, Pattern> {
  const issues = new PolicyIssues();
  const patterns = new Map<string, Pattern>();
  for (const [method, source] of Object.entries(methods)) {
    const pattern = issues.collect(() => parsePattern(source, joinPath(path, method), expressions));
    if (pattern) patterns.set(method, pattern);
  }
  issues.throwIfAny();
  return patterns;
}

function parseFlags(methods: JsonObject, path: string): ReadonlySet<string> {
  const issues = new PolicyIssues();
  for (const [method, flag] of Object.entries(methods)) {
    if (flag !== true) issues.add(joinPath(path, method), 'must be true: leave others out');
  }
  issues.throwIfAny();
  return new Set(Object.keys(methods));
}

function methodsOf(source: JsonObject, path: string): JsonObject {
  const methods = required(source, 'rpc', path);
  const count = isObject(methods) ? Object.keys(methods).length : 0;
  if (isObject(methods) && count > 0 && count <= MAX_METHODS) return methods;
  throw refusal(`${path}.rpc`, `an object of 1 to ${MAX_METHODS} methods`);
}

function required(source: JsonObject, element: string, path: string): Json {
  const value = own(source, element);
  if (value === undefined) throw refusal(`${path}.${element}`, 'required by this engine');
  return value;
}

function refusal(path: string, message: string): InvalidPolicy {
  return new InvalidPolicy([{ path, message }]);
}
