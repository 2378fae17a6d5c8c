import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import type { JsonObject } from '../json.js';
import { compileRegex } from '../matcho/regex.js';
import { Undecidable } from '../matcho/work-limit.js';
import { ASSERTED_CONTENT } from './content.js';
import type { DataPointer } from './data-pointer.js';
import { LINEAR_ENUM } from './enum-values.js';
import { FORMATS } from './formats.js';
import { LINEAR_UNIQUE_ITEMS } from './unique-items.js';

const OPTIONS: Options = {
  // Keywords and formats are checked when a schema is parsed, more strictly than by the validator.
  strict: false,
  $data: true,
  ownProperties: true,
  validateSchema: false,
  verbose: true,
  logger: false,
  code: { regExp: Object.assign(linearRegExp, { code: 'linearRegExp' }) },
};

/** A draft-07 schema whose keywords have been checked; compiled when it is first needed. */
export class JsonSchema {
  private compiled: ValidateFunction | undefined;

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
   * @throws Undecidable when a text is too long for an expression or format.
   */
  firstError(value: JsonObject): ErrorObject | undefined {
    const validator = this.compile();
    return validator(value) ? undefined : validator.errors?.[0];
  }

  /** @throws Error when a reference leads nowhere or an identifier is taken. */
  compile(): ValidateFunction {
    this.compiled ??= newValidator().compile(this.source as JsonObject);
    return this.compiled;
  }
}

interface LinearTest {
  test: (subject: string) => boolean;
  toString: () => string;
}

/** A validator of its own, so that identifiers in one policy mean nothing in another. */
function newValidator(): Ajv {
  const ajv = new Ajv(OPTIONS);
  for (const [name, test] of FORMATS) ajv.addFormat(name, test);
  for (const definition of [...ASSERTED_CONTENT, LINEAR_ENUM, LINEAR_UNIQUE_ITEMS]) {
    ajv.removeKeyword(definition.keyword).addKeyword(definition);
  }
  return withItemsLast(ajv);
}

/**
 * Of the keywords about arrays `items` goes last: where a list of schemas has none for the items that are there, the
 * validator leaves out whatever follows, so that `contains` and `uniqueItems` would let any array pass.
 */
function withItemsLast(ajv: Ajv): Ajv {
  const items = ajv.getKeyword('items');
  if (typeof items !== 'object') throw new Error('The validator knows no items');
  const definition = { ...items };
  delete definition.before;
  return ajv.removeKeyword('items').addKeyword(definition);
}

function linearRegExp(source: string): LinearTest {
  // The empty expression is refused elsewhere for being a likely mistake; draft-07 allows it.
  const regex = compileRegex(source === '' ? '(?:)' : source);
  return {
    // The validator tells expressions apart by their text.
    toString: () => `/${source}/`,
    test: (subject) => {
      const found = regex.test(subject);
      if (found === undefined) throw new Undecidable();
      return found;
    },
  };
}
