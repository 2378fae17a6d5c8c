import {
  _,
  Name,
  type Ajv,
  type Code,
  type CodeKeywordDefinition,
  type FuncKeywordDefinition,
  type KeywordCxt,
} from 'ajv';
import { isArray, isObject, type Json, type JsonObject } from '../json.js';
import { keyCount, keysOf, workOnKeys, type Work } from '../key-count.js';
import { WorkLimit } from '../matcho/work-limit.js';

/** Units that a keyword takes, and each part of what it goes through. */
const KEYWORD = 1 / 2;
/** Each may fail with an error of its own, which is kept until all are through. */
const BRANCH = 1;
const PART = 1 / 16;
const VALUE = 1 / 2;
const CHARACTER = 1 / 256;
/** Each character of a text that is read as JSON: three are enough for another array. */
const PARSED_CHARACTER = 1 / 8;

/** Keywords of objects that go through all members of the value, whatever the schema names. */
const OF_ALL_MEMBERS: ReadonlySet<string> = new Set(
  'additionalProperties patternProperties propertyNames minProperties maxProperties'.split(' '),
);
const BRANCHES: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf']);
const OF_ALL_ITEMS: ReadonlySet<string> = new Set(['items', 'additionalItems']);
const OF_ALL_CHARACTERS: ReadonlySet<string> = new Set(['minLength', 'maxLength']);

/** Asked by compiled schemas. */
const LISTING = {
  ref: (object: JsonObject, work: Work): number => workOnKeys(keyCount(object, work)),
};

/** How many errors a compiled schema has collected; they are copied whenever a reference fails. */
const ERRORS = new Name('errors');

/** A function that a schema is compiled to; one that nothing refers to is part of another. */
export type CompiledFunction = KeywordCxt['it']['schemaEnv'];

/**
 * Counts the work of a compiled schema: it is compiled once, and each value that it validates has a limit
 * of its own.
 */
export class WorkMeter {
  /** What it counts in. */
  readonly functions = new Set<CompiledFunction>();
  private limit = new WorkLimit();
  private readonly lists = new WeakSet<readonly Json[]>();

  /** Runs what spends within the limit. */
  within<Result>(limit: WorkLimit, run: () => Result): Result {
    this.limit = limit;
    return run();
  }

  /** @throws Undecidable or WorkSpent when nothing is left. */
  spend(units: number): void {
    this.limit.spend(units);
  }

  /** Spends what going through a value takes, with all that is in it. */
  spendOn(value: Json): void {
    this.spend(typeof value === 'string' ? VALUE + value.length * CHARACTER : VALUE);
    if (isArray(value)) value.forEach((item) => this.spendOn(item));
    else if (isObject(value)) {
      for (const name of keysOf(value, this)) {
        this.spend(name.length * CHARACTER);
        this.spendOn(value[name] as Json);
      }
    }
  }

  /** Whether two values are equal, with all that is in them. */
  areEqual(one: Json, other: Json): boolean {
    this.spend(VALUE);
    if (typeof one === 'string' && typeof other === 'string') return this.areSameText(one, other);
    if (isArray(one) && isArray(other)) {
      return (
        one.length === other.length &&
        one.every((item, index) => this.areEqual(item, other[index] as Json))
      );
    }
    return isObject(one) && isObject(other) ? this.haveSameMembers(one, other) : one === other;
  }

  private areSameText(one: string, other: string): boolean {
    if (one.length !== other.length) return false;
    this.spend(one.length * CHARACTER);
    return one === other;
  }

  private haveSameMembers(one: JsonObject, other: JsonObject): boolean {
    return (
      keyCount(one, this) === keyCount(other, this) &&
      keysOf(one, this).every(
        (name) =>
          Object.hasOwn(other, name) && this.areEqual(one[name] as Json, other[name] as Json),
      )
    );
  }

  /** Makes every keyword that the validator compiles spend before it is evaluated. */
  countIn(ajv: Ajv): void {
    for (const rule of Object.values(ajv.RULES.all)) {
      if (typeof rule !== 'object') continue;
      const { definition } = rule;
      if ('code' in definition) this.countCode(definition);
      else if ('validate' in definition) this.countFunction(definition);
    }
  }

  private countCode(definition: CodeKeywordDefinition): void {
    const { code } = definition;
    definition.code = (context, type) => {
      this.functions.add(context.it.schemaEnv);
      const meter = context.gen.scopeValue('obj', { ref: this });
      context.gen.code(_`${meter}.spend(${unitsOf(context, meter)})`);
      if (isDeep(context)) {
        context.fail$data(_`!${meter}.areEqual(${context.data}, ${context.schemaCode})`);
      } else code(context, type);
    };
  }

  private countFunction(definition: FuncKeywordDefinition): void {
    const validate = definition.validate as KeywordTest;
    definition.validate = (schema: Json, value: Json, parent?: JsonObject) => {
      this.spendOn(value);
      if (definition.keyword === 'contentMediaType' && typeof value === 'string') {
        this.spend(value.length * PARSED_CHARACTER);
      }
      if (isArray(schema)) this.spendOnList(schema);
      return validate(schema, value, parent);
    };
  }

  /** Lists are read once, however many values are looked for in them. */
  private spendOnList(list: readonly Json[]): void {
    if (this.lists.has(list)) return;
    this.spendOn(list);
    this.lists.add(list);
  }
}

type KeywordTest = (schema: Json, value: Json, parent?: JsonObject) => boolean;

function unitsOf({ gen, keyword, schema, data }: KeywordCxt, meter: Name): Code {
  const parts =
    keyword === 'dependencies' ? dependenciesOf(schema as object) : partsOf(schema as unknown);
  const units = KEYWORD + (BRANCHES.has(keyword) ? BRANCH : PART) * parts;
  if (keyword === '$ref') return _`${units} + ${CHARACTER} * ${ERRORS}`;
  if (OF_ALL_ITEMS.has(keyword)) return _`${units} + ${PART} * ${data}.length`;
  // Each item that does not fit is an error, which is kept until one fits.
  if (keyword === 'contains') return _`${units} + ${VALUE} * ${data}.length`;
  if (OF_ALL_CHARACTERS.has(keyword)) return _`${units} + ${CHARACTER} * ${data}.length`;
  if (!OF_ALL_MEMBERS.has(keyword)) return _`${units}`;
  // Each expression for names goes through all of them anew.
  const times = keyword === 'patternProperties' ? partsOf(schema as unknown) : 1;
  const listing = gen.scopeValue('func', LISTING);
  return _`${units} + ${times} * ${listing}(${data}, ${meter})`;
}

/** How many branches, names or members a keyword has, each of which is tried. */
function partsOf(schema: unknown): number {
  return typeof schema === 'object' && schema !== null ? Object.keys(schema).length : 0;
}

/** Those of `dependencies`, with the names that each may require. */
function dependenciesOf(schema: object): number {
  const required = Object.values(schema).filter((part) => Array.isArray(part));
  return partsOf(schema) + required.flat().length;
}

/** Whether the value is compared with all that is in it. */
function isDeep({ keyword, schema, $data }: KeywordCxt): boolean {
  return keyword === 'const' && (($data !== undefined && $data !== false) || partsOf(schema) > 0);
}
