import { isArray, isObject, own, ownString, type Json, type JsonObject } from '../json.js';
import { NODES, type ElementKind } from './allowed-nodes.js';
import {
  BETWEENS,
  COLUMNS,
  FUNCTION_COLUMNS,
  FUNCTIONS,
  OPERATORS,
  TIME_VALUES,
  TYPES,
} from './allowed-names.js';
import type { SqlDialect } from './sql-dialect.js';

const MAX_DEPTH = 150;
/** Characters of a number that is no integer of 64 bits. */
const MAX_NUMBER = 40;
/**
 * Multiplications and divisions of one statement: those of numbers with a hundred thousand digits take up to a
 * second each, and PostgreSQL stops none before all of an expression are done.
 */
const MAX_PRODUCTS = 8;
const PRODUCTS: ReadonlySet<string> = new Set(['*', '/', '%', 'mod']);
const SYSTEM_SCHEMA = 'pg_catalog';
/** What `x IN (SELECT …)` compares with, which the parser leaves out. */
const EQUALS: Json = [{ String: { sval: '=' } }];

/** Why a statement is refused. */
export class RefusedStatement extends Error {
  constructor(
    message: string,
    /** Bytes of the statement before the fault. */
    readonly location: number | undefined,
  ) {
    super(message);
  }
}

/**
 * One walk through the parse tree of one statement. It lets through what it knows to be harmless: node
 * types, functions, operators, types and relations that are listed. Nothing is refused by being listed.
 */
export class StatementCheck {
  /** Numbers of the parameters, each as often as it is used. */
  readonly parameters: number[] = [];
  /** Names of stand-ins for `{{!path}}`, each as often as it is used as a relation. */
  readonly standIns: string[] = [];
  private readonly tables = new Set<string>();
  private readonly functionAliases = new Map<string, ReadonlySet<string>>();
  private readonly qualified: { path: readonly string[]; at: number | undefined }[] = [];
  private readonly otherRelations: { name: string; at: number | undefined }[] = [];
  private products = 0;
  private location: number | undefined;

  constructor(
    private readonly dialect: Pick<SqlDialect, 'relations' | 'whyOthersAreMissing'>,
    private readonly isStandIn: (name: string) => boolean,
  ) {}

  /** @throws RefusedStatement for the first thing that is not allowed. */
  run(select: JsonObject): void {
    this.node('SelectStmt', select, 0);
    // Names may be used before the walk comes to where they are given.
    for (const { path, at } of this.qualified) {
      this.location = at;
      this.qualifiedColumn(path);
    }
    const unknown = this.otherRelations.find(({ name }) => !this.tables.has(name));
    if (!unknown) return;
    const { whyOthersAreMissing: why } = this.dialect;
    const message = `there is no relation ${unknown.name}`;
    throw new RefusedStatement(why === undefined ? message : `${message}: ${why}`, unknown.at);
  }

  private nodes(value: Json | undefined, depth: number): void {
    if (isArray(value)) for (const item of value) this.nodes(item, depth);
    if (!isObject(value)) return;
    for (const [type, node] of Object.entries(value)) {
      if (!isObject(node)) throw this.refused('cannot be read');
      this.node(type, node, depth + 1);
    }
  }

  private node(type: string, node: JsonObject, depth: number): void {
    const elements = NODES.get(type);
    const location = own(node, 'location');
    if (typeof location === 'number') this.location = location;
    if (!elements) throw this.refused(`${type} is not allowed in a policy`);
    if (depth > MAX_DEPTH) throw this.refused(`nested deeper than ${MAX_DEPTH} levels`);
    this.rules.get(type)?.(node);
    for (const [name, value] of Object.entries(node)) {
      this.element(`${type}.${name}`, elements.get(name), value, depth);
    }
  }

  private element(name: string, kind: ElementKind | undefined, value: Json, depth: number): void {
    if (kind === undefined) throw this.refused(`${name} is not allowed in a policy`);
    if (kind === 'plain') return;
    if (kind === 'nodes') {
      this.nodes(value, depth);
      return;
    }
    if (!isObject(value)) throw this.refused(`${name} cannot be read`);
    this.node(kind.type, value, depth + 1);
  }

  /** What a node type alone does not tell to be harmless. */
  private readonly rules: ReadonlyMap<string, (node: JsonObject) => void> = new Map([
    ['CommonTableExpr', (node) => this.table(node)],
    ['RangeVar', (node) => this.relation(node)],
    ['RangeFunction', (node) => this.rangeFunction(node)],
    ['FuncCall', (node) => this.call(namesIn(own(node, 'funcname')))],
    ['A_Const', (node) => this.constant(own(own(node, 'fval'), 'fval'))],
    ['TypeName', (node) => this.named('type', namesIn(own(node, 'names')), TYPES)],
    ['A_Expr', (node) => this.operator(own(node, 'name'))],
    ['SubLink', (node) => this.operator(own(node, 'operName') ?? EQUALS)],
    ['ColumnRef', (node) => this.column(node)],
    ['A_Indirection', (node) => this.subscripts(own(node, 'indirection'))],
    ['ParamRef', (node) => void this.parameters.push(Number(own(node, 'number')))],
    ['SQLValueFunction', (node) => this.timeOnly(this.text(node, 'op'))],
  ]);

  private timeOnly(value: string): void {
    if (TIME_VALUES.has(value)) return;
    throw this.refused('names of users and schemas are not allowed; write "user" for the relation');
  }

  private named(what: string, path: readonly string[], allowed: ReadonlySet<string>): void {
    const [first = '', second] = path;
    const isPlain = path.length === 1 || (path.length === 2 && first === SYSTEM_SCHEMA);
    if (isPlain && allowed.has(second ?? first)) return;
    throw this.refused(`${what} ${path.join('.')} is not allowed in a policy`);
  }

  private call(path: readonly string[]): void {
    this.named('function', path, FUNCTIONS);
    this.countProduct(path.at(-1));
  }

  private constant(number: Json | undefined): void {
    if (typeof number !== 'string' || number.length <= MAX_NUMBER) return;
    throw this.refused(`a number has at most ${MAX_NUMBER} characters`);
  }

  private countProduct(name: string | undefined): void {
    if (name === undefined || !PRODUCTS.has(name)) return;
    this.products += 1;
    if (this.products <= MAX_PRODUCTS) return;
    throw this.refused(`more than ${MAX_PRODUCTS} multiplications and divisions`);
  }

  private operator(list: Json | undefined): void {
    // With its schema an operator is none of those listed.
    const name = namesIn(list).join('.');
    this.countProduct(name);
    if (OPERATORS.has(name) || BETWEENS.has(name)) return;
    throw this.refused(`operator ${name} is not allowed in a policy`);
  }

  private table(node: JsonObject): void {
    const name = this.text(node, 'ctename');
    // Out of its scope, the name would lead to a relation of the system.
    if (name.startsWith('pg_')) throw this.refused(`the name ${name} is not allowed`);
    if (!own(own(node, 'ctequery'), 'SelectStmt')) throw this.refused('WITH takes SELECT only');
    this.tables.add(name);
  }

  private relation(node: JsonObject): void {
    const name = this.text(node, 'relname');
    if (own(node, 'schemaname') !== undefined) {
      throw this.refused(`${name} is named with a schema; relations are named without`);
    }
    if (this.isStandIn(name)) this.standIns.push(name);
    else if (!this.dialect.relations.has(name))
      this.otherRelations.push({ name, at: this.location });
  }

  /** A function in FROM, whose columns may be plain values: `v.f` could then call the function f. */
  private rangeFunction(node: JsonObject): void {
    const [only, second] = listOf(own(node, 'functions'));
    const [first] = listOf(own(own(only, 'List'), 'items'));
    const call = own(first, 'FuncCall');
    if (!call || second !== undefined) {
      throw this.refused('FROM takes relations, queries and calls of one function; write "user"');
    }
    const alias = own(node, 'alias');
    const name = ownString(alias, 'aliasname') ?? namesIn(own(call, 'funcname')).at(-1) ?? '';
    if (this.functionAliases.has(name)) {
      throw this.refused(`${name} names two functions in FROM; give each an alias of its own`);
    }
    this.functionAliases.set(name, new Set([name, ...namesIn(own(alias, 'colnames'))]));
  }

  private column(node: JsonObject): void {
    const fields = listOf(own(node, 'fields'));
    if (fields.length > 2) throw this.refused('a column is named with at most its relation');
    if (fields.length === 2) this.qualified.push({ path: namesIn(fields), at: this.location });
  }

  private qualifiedColumn([qualifier = '', name]: readonly string[]): void {
    const ofFunction = this.functionAliases.get(qualifier);
    if (this.isStandIn(qualifier)) this.standIns.push(qualifier);
    else if (!ofFunction) return;
    const isColumn = name === undefined || COLUMNS.has(name) || FUNCTION_COLUMNS.has(name);
    if (isColumn || ofFunction?.has(name) === true) return;
    throw this.refused(`${qualifier}.${name} is no column`);
  }

  /** `a[1]`, but not `(a).b`, which could call the function b. */
  private subscripts(list: Json | undefined): void {
    const isSubscript = (item: Json): boolean => own(item, 'A_Indices') !== undefined;
    if (!isArray(list) || !list.every(isSubscript)) {
      throw this.refused('(…).name is not allowed; use -> or #>> to look into JSON');
    }
  }

  private text(node: JsonObject, element: string): string {
    const text = ownString(node, element);
    if (text === undefined) throw this.refused('cannot be read');
    return text;
  }

  private refused(message: string): RefusedStatement {
    return new RefusedStatement(message, this.location);
  }
}

function listOf(value: Json | undefined): readonly Json[] {
  return isArray(value) ? value : [];
}

/** The names in a list of String nodes; others, such as the star, are passed over. */
function namesIn(list: Json | undefined): readonly string[] {
  return listOf(list).flatMap((item) => ownString(own(item, 'String'), 'sval') ?? []);
}
