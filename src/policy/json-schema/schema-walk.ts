import { joinPath, type PolicyIssues } from '../invalid-policy.js';
import { isArray, isObject, own, type Json, type JsonObject } from '../json.js';
import { RegexBudget } from '../matcho/regex-budget.js';
import { checkRegex } from '../matcho/regex.js';
import { UnsupportedRegex } from '../matcho/regex-syntax.js';
import { CONTENT_VALUES } from './content.js';
import { formatPointer, parsePointer, type DataPointer } from './data-pointer.js';
import { FORMATS } from './formats.js';
import { DRAFT_07, KEYWORDS, type KeywordKind } from './keywords.js';
import { resolveIdentifier, type SchemaPlaces, type SchemaReference } from './schema-references.js';

const MAX_DEPTH = 64;
const MAX_NODES = 10_000;
/** What is compiled, the values aside; compiling takes longer the more there is. */
const MAX_KEYWORDS = 2_000;

/** A place in a schema. */
export interface Place {
  /** For the issues. */
  readonly path: string;
  readonly pointer: readonly string[];
  /** Identifier that references are resolved against. */
  readonly base: string;
  readonly depth: number;
}

type ReadKeyword = (value: Json, place: Place, keyword: string) => Json;

/** One walk over a schema: checks every keyword and returns the schema as the validator wants it. */
export class SchemaWalk implements SchemaPlaces {
  readonly schemas = new Set<string>();
  readonly identifiers = new Map<string, string>();
  readonly references: SchemaReference[] = [];
  readonly pointers: DataPointer[] = [];
  usesConstant = false;
  usesNot = false;
  private nodes = 0;
  private keywords = 0;

  private readonly readers: Readonly<Record<KeywordKind, ReadKeyword>> = {
    schema: (value, place) => this.schema(value, place),
    schemas: (value, place) => this.list(value, place),
    'schema-or-schemas': (value, place) =>
      isArray(value) ? this.list(value, place) : this.schema(value, place),
    'schema-map': (value, place) => this.map(value, place),
    dependencies: (value, place) => this.dependencies(value, place),
    literal: (value, place, keyword) =>
      this.data(value, place, keyword === 'enum' ? 'array' : 'any') ?? this.literal(value, place),
    number: (value, place, keyword) =>
      this.data(value, place, keyword === 'multipleOf' ? 'positive' : 'number') ?? value,
    count: (value, place) => this.data(value, place, 'count') ?? value,
    pattern: (value, place) => this.pattern(value, place),
    'pattern-map': (value, place) => this.patternMap(value, place),
    format: (value, place) => this.oneOf(value, place, [...FORMATS.keys()]),
    reference: (value, place) => this.reference(value, place),
    identifier: (value) => value,
    dialect: (value, place) => this.oneOf(value, place, [DRAFT_07, `${DRAFT_07}#`]),
    content: (value, place, keyword) =>
      this.oneOf(value, place, [CONTENT_VALUES.get(keyword) ?? '']),
    plain: (value, place) => this.plain(value, place),
  };

  constructor(
    private readonly issues: PolicyIssues,
    private readonly expressions = new RegexBudget(),
  ) {}

  schema(source: Json, place: Place): JsonObject | boolean {
    this.schemas.add(formatPointer(place.pointer));
    if (!this.isWithinBounds(place) || !this.isCompilable(place)) return false;
    if (typeof source === 'boolean') return source;
    if (!isObject(source)) return this.refuse(place, 'a schema is an object, true or false');
    if (Object.hasOwn(source, 'const') && Object.hasOwn(source, 'constant')) {
      return this.refuse(place, '"const" and "constant" mean the same; write one of them');
    }
    if (Object.hasOwn(source, '$ref') && Object.hasOwn(source, '$id')) {
      return this.refuse(place, '"$id" beside "$ref" has no effect in draft-07');
    }
    const inside = { ...place, base: this.identified(source, place) };
    return Object.fromEntries(
      Object.entries(source).map(([key, value]) => [
        key === 'constant' ? 'const' : key,
        this.keyword(key, value, below(inside, key)),
      ]),
    );
  }

  private keyword(keyword: string, value: Json, place: Place): Json {
    if (!this.isCompilable(place)) return false;
    const kind = KEYWORDS.get(keyword);
    if (kind === undefined) {
      return this.refuse(place, 'unknown keyword: ignoring it could allow what it was to deny');
    }
    if (keyword === 'constant') this.usesConstant = true;
    if (keyword === 'not') this.usesNot = true;
    return this.readers[kind](value, place, keyword);
  }

  private refuse(place: Place, message: string): false {
    this.issues.add(place.path, message);
    return false;
  }

  private isWithinBounds(place: Place): boolean {
    this.nodes += 1;
    if (this.nodes === MAX_NODES + 1) this.refuse(place, `more than ${MAX_NODES} elements`);
    if (place.depth > MAX_DEPTH) this.refuse(place, `nested deeper than ${MAX_DEPTH} levels`);
    return this.nodes <= MAX_NODES && place.depth <= MAX_DEPTH;
  }

  private isCompilable(place: Place): boolean {
    this.keywords += 1;
    if (this.keywords === MAX_KEYWORDS + 1) {
      this.refuse(place, `more than ${MAX_KEYWORDS} schemas and keywords`);
    }
    return this.keywords <= MAX_KEYWORDS;
  }

  private identified(source: JsonObject, place: Place): string {
    const id = own(source, '$id');
    if (typeof id !== 'string') return place.base;
    const absolute = resolveIdentifier(id, place.base);
    if (absolute === undefined) {
      this.refuse(below(place, '$id'), 'not a URI reference');
      return place.base;
    }
    this.identifiers.set(absolute.replace(/#$/, ''), formatPointer(place.pointer));
    return id.startsWith('#') ? place.base : absolute.replace(/#.*$/, '');
  }

  private list(value: Json, place: Place): Json {
    if (!isArray(value)) return value;
    return value.map((item, index) => this.schema(item, belowIndex(place, index)));
  }

  private map(value: Json, place: Place): Json {
    if (!isObject(value)) return value;
    if (Object.hasOwn(value, '__proto__')) this.refuse(place, '"__proto__" cannot be described');
    return mapValues(value, (item, name) => this.schema(item, below(place, name)));
  }

  private dependencies(value: Json, place: Place): Json {
    if (!isObject(value)) return value;
    if (Object.hasOwn(value, '__proto__')) this.refuse(place, '"__proto__" cannot be described');
    return mapValues(value, (item, name) => {
      const entry = below(place, name);
      return isArray(item) ? this.isCompilable(entry) && item : this.schema(item, entry);
    });
  }

  private patternMap(value: Json, place: Place): Json {
    if (isObject(value)) {
      for (const source of Object.keys(value)) this.pattern(source, below(place, source));
    }
    return this.map(value, place);
  }

  private pattern(value: Json, place: Place): Json {
    if (own(value, '$data') !== undefined) {
      return this.refuse(place, 'request data is never read as a regular expression');
    }
    if (typeof value !== 'string' || value === '') return value;
    try {
      checkRegex(value, this.expressions);
    } catch (error) {
      if (!(error instanceof UnsupportedRegex)) throw error;
      this.refuse(place, `regular expression: ${error.message}`);
    }
    return value;
  }

  private plain(value: Json, place: Place): Json {
    if (!isObject(value) || !Object.hasOwn(value, '$data')) return value;
    return this.refuse(place, 'this keyword cannot take its value from the request');
  }

  private reference(value: Json, place: Place): Json {
    if (typeof value !== 'string') return value;
    const from = formatPointer(place.pointer.slice(0, -1));
    this.references.push({ at: place.path, from, base: place.base, reference: value });
    return value;
  }

  private oneOf(value: Json, place: Place, known: readonly string[]): Json {
    if (typeof value === 'string' && known.includes(value)) return value;
    return this.refuse(place, `not supported; known: ${known.join(', ')}`);
  }

  private data(value: Json, place: Place, accepts: DataPointer['accepts']): Json | undefined {
    if (!isObject(value) || !Object.hasOwn(value, '$data')) return undefined;
    const source = own(value, '$data');
    const segments = typeof source === 'string' ? parsePointer(source) : undefined;
    if (typeof source !== 'string' || !segments || Object.keys(value).length > 1) {
      return this.refuse(place, '$data is a pointer into the request, like {$data: "#/jwt/pid"}');
    }
    this.pointers.push({ source, segments, accepts });
    return { $data: formatPointer(segments) };
  }

  private literal(value: Json, place: Place): Json {
    if (!this.isWithinBounds(place)) return value;
    if (isArray(value)) {
      value.forEach((item, index) => this.literal(item, belowIndex(place, index)));
    }
    if (!isObject(value)) return value;
    if (Object.hasOwn(value, '$data')) {
      this.refuse(place, '$data stands for the whole value of a keyword, not for a part of it');
    }
    Object.entries(value).forEach(([key, item]) => this.literal(item, below(place, key)));
    return value;
  }
}

function below(place: Place, key: string): Place {
  return {
    ...place,
    path: joinPath(place.path, key),
    pointer: [...place.pointer, key],
    depth: place.depth + 1,
  };
}

function belowIndex(place: Place, index: number): Place {
  return { ...below(place, String(index)), path: joinPath(place.path, index) };
}

function mapValues(source: JsonObject, map: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(
    Object.entries(source).map(([key, value]) => [key, map(value, key)] as const),
  );
}
