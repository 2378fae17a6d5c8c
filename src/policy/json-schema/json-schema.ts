import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import type { JsonObject } from '../json.js';
import { compileRegex } from '../matcho/regex.js';
import { Undecidable, type WorkLimit } from '../matcho/work-limit.js';
import { ASSERTED_CONTENT } from './content.js';
import type { DataPointer } from './data-pointer.js';
import { LINEAR_ENUM } from './enum-values.js';
import { FORMATS, workOnFormat } from './formats.js';
import { LINEAR_UNIQUE_ITEMS } from './unique-items.js';
import { WorkMeter, type CompiledFunction } from './work-meter.js';

const OPTIONS: Options = {
  // Keywords and formats are checked when a schema is parsed, more strictly than by the validator.
  strict: false,
  $data: true,
  ownProperties: true,
  validateSchema: false,
  verbose: true,
  logger: false,
};

/** A validator, or what kept it from being compiled. */
type Compiled =
  | {
      readonly validator: ValidateFunction;
      readonly meter: WorkMeter;
      /** Those of which the validator consists, each with errors of its own. */
      readonly functions: ReadonlySet<CompiledFunction>;
    }
  | { readonly failure: unknown };

/** A draft-07 schema whose keywords have been checked; compiled when it is first needed. */
export class JsonSchema {
  private compiled: Compiled | undefined;

  constructor(
    /** `constant` is spelt `const`, and `$data` pointers are absolute, as the validator wants. */
    readonly source: JsonObject | boolean,
    readonly pointers: readonly DataPointer[],
    /** Whether the older keyword `constant` was written. */
    readonly usesConstant: boolean,
    readonly usesNot: boolean,
  ) {}

  /**
   * Validates a value; compiles first if need be.
   *
   * @returns the first error; `undefined` when the value is valid.
   * @throws Undecidable when a text is too long for an expression or format, or the work exceeds the limit.
   */
  firstError(value: JsonObject, work: WorkLimit): ErrorObject | undefined {
    const { validator, meter, functions } = this.compile();
    try {
      return meter.within(work, () => (validator(value) ? undefined : validator.errors?.[0]));
    } finally {
      // Otherwise the request that failed is kept, until the next one fails.
      for (const { validate } of functions) if (validate) validate.errors = null;
    }
  }

  /**
   * Compiles the schema, once: what fails is not tried again on every request.
   *
   * @throws Error when a reference leads nowhere, an identifier is taken or the schema is too large.
   */
  compile(): Exclude<Compiled, { failure: unknown }> {
    this.compiled ??= compiled(this.source);
    if ('failure' in this.compiled) throw this.compiled.failure;
    return this.compiled;
  }
}

function compiled(source: JsonObject | boolean): Compiled {
  const meter = new WorkMeter();
  try {
    const validator = newValidator(meter).compile(source as JsonObject);
    return { validator, meter, functions: meter.functions.add(validator.schemaEnv) };
  } catch (failure) {
    return { failure };
  }
}

/** Units that a test takes that its first character decides: names may be many, and expressions for them. */
const TEST = 1 / 8;

interface LinearTest {
  test: (subject: string) => boolean;
  toString: () => string;
}

/** A validator of its own, so that identifiers in one policy mean nothing in another. */
function newValidator(meter: WorkMeter): Ajv {
  const regExp = Object.assign((source: string) => linearRegExp(source, meter), {
    code: 'linearRegExp',
  });
  // Optimizing takes most of the time, the more the larger the schema is, for little.
  const ajv = new Ajv({ ...OPTIONS, code: { regExp, optimize: false } });
  for (const [name, test] of FORMATS) {
    ajv.addFormat(name, (text: string) => {
      meter.spend(workOnFormat(name, text));
      return test(text, meter);
    });
  }
  for (const definition of [...ASSERTED_CONTENT, LINEAR_ENUM, LINEAR_UNIQUE_ITEMS]) {
    ajv.removeKeyword(definition.keyword).addKeyword(definition);
  }
  withItemsLast(ajv);
  meter.countIn(ajv);
  return ajv;
}

/**
 * Of the keywords about arrays `items` goes last: where a list of schemas has none for the items that are there, the
 * validator leaves out whatever follows, so that `contains` and `uniqueItems` would let any array pass.
 */
function withItemsLast(ajv: Ajv): void {
  const items = ajv.getKeyword('items');
  if (typeof items !== 'object') throw new Error('The validator knows no items');
  const definition = { ...items };
  delete definition.before;
  ajv.removeKeyword('items').addKeyword(definition);
}

function linearRegExp(source: string, meter: WorkMeter): LinearTest {
  // The empty expression is refused elsewhere for being a likely mistake; draft-07 allows it.
  const regex = compileRegex(source === '' ? '(?:)' : source);
  return {
    // The validator tells expressions apart by their text.
    toString: () => `/${source}/`,
    test: (subject) => {
      meter.spend(TEST + regex.workOn(subject));
      const found = regex.test(subject);
      if (found === undefined) throw new Undecidable();
      return found;
    },
  };
}
