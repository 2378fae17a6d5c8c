/** What an element of a node holds: a plain value, nodes each under their type, or a node of a fixed type. */
export type ElementKind = 'plain' | 'nodes' | { readonly type: string };

type Elements = Readonly<Record<string, ElementKind>>;

const NONE = '';

/** Elements that a node may have; `plain` and `nodes` are names with blanks between them. */
function elements(
  plain: string,
  nodes = NONE,
  typed: Elements = {},
): ReadonlyMap<string, ElementKind> {
  const named = (list: string, kind: ElementKind) =>
    list.split(' ').map((name) => [name, kind] as const);
  return new Map([
    ...named(`location ${plain}`, 'plain'),
    ...named(nodes, 'nodes'),
    ...Object.entries(typed),
  ]);
}

const TYPE_NAME = { type: 'TypeName' };
const SELECT = { type: 'SelectStmt' };
const ALIAS = { type: 'Alias' };
const WINDOW = { type: 'WindowDef' };

/**
 * Everything that a statement may be made of, by the names of PostgreSQL's parser. What is missing here
 * cannot be written: INTO, FOR UPDATE, TABLESAMPLE, XML and every statement but SELECT among it.
 */
export const NODES: ReadonlyMap<string, ReadonlyMap<string, ElementKind>> = new Map([
  [
    'SelectStmt',
    elements(
      'groupDistinct limitOption op all',
      'distinctClause targetList fromClause whereClause groupClause havingClause windowClause ' +
        'valuesLists sortClause limitOffset limitCount',
      { withClause: { type: 'WithClause' }, larg: SELECT, rarg: SELECT },
    ),
  ],
  ['WithClause', elements('recursive', 'ctes')],
  ['CommonTableExpr', elements('ctename ctematerialized cterecursive', 'aliascolnames ctequery')],
  ['ResTarget', elements('name', 'val')],
  ['RangeVar', elements('relname inh relpersistence', NONE, { alias: ALIAS })],
  ['RangeSubselect', elements('lateral', 'subquery', { alias: ALIAS })],
  ['RangeFunction', elements('lateral ordinality', 'functions', { alias: ALIAS })],
  [
    'JoinExpr',
    elements('jointype isNatural rtindex', 'larg rarg usingClause quals', {
      alias: ALIAS,
      join_using_alias: ALIAS,
    }),
  ],
  ['Alias', elements('aliasname', 'colnames')],
  ['SortBy', elements('sortby_dir sortby_nulls', 'node')],
  ['GroupingSet', elements('kind', 'content')],
  [
    'WindowDef',
    elements('name refname frameOptions', 'partitionClause orderClause startOffset endOffset'),
  ],
  ['List', elements(NONE, 'items')],
  ['ColumnRef', elements(NONE, 'fields')],
  ['ParamRef', elements('number')],
  ['A_Star', elements(NONE)],
  ['A_Const', elements('ival fval sval bsval boolval isnull')],
  ['String', elements('sval')],
  ['Integer', elements('ival')],
  ['A_Expr', elements('kind rexpr_list_start rexpr_list_end', 'name lexpr rexpr')],
  ['A_ArrayExpr', elements('list_start list_end', 'elements')],
  ['A_Indirection', elements(NONE, 'arg indirection')],
  ['A_Indices', elements('is_slice', 'lidx uidx')],
  ['BoolExpr', elements('boolop', 'args')],
  ['BooleanTest', elements('booltesttype', 'arg')],
  ['NullTest', elements('nulltesttype argisrow', 'arg')],
  ['CaseExpr', elements(NONE, 'arg args defresult')],
  ['CaseWhen', elements(NONE, 'expr result')],
  ['CoalesceExpr', elements(NONE, 'args')],
  ['MinMaxExpr', elements('op', 'args')],
  ['RowExpr', elements('row_format', 'args')],
  ['SubLink', elements('subLinkType', 'testexpr operName subselect')],
  ['TypeCast', elements(NONE, 'arg', { typeName: TYPE_NAME })],
  ['TypeName', elements('typemod', 'names typmods arrayBounds')],
  ['SQLValueFunction', elements('op typmod')],
  ['NamedArgExpr', elements('name argnumber', 'arg')],
  [
    'FuncCall',
    elements(
      'agg_within_group agg_star agg_distinct func_variadic funcformat',
      'funcname args agg_order agg_filter',
      { over: WINDOW },
    ),
  ],
]);
