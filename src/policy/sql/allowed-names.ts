/** Splits a list of names that is written over several lines. */
function names(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/**
 * Functions of PostgreSQL that statements may call: those that compute something from their arguments,
 * or from the time. Everything else is refused, what comes with later versions included; so are translate()
 * and normalize(), whose time grows with the square of one text and which cannot be stopped meanwhile.
 */
export const FUNCTIONS = names(`
  abs age array_agg array_append array_cat array_length array_lower array_position array_positions
  array_prepend array_remove array_replace array_to_json array_to_string array_upper ascii avg
  bool_and bool_or btrim cardinality ceil ceiling char_length character_length clock_timestamp concat
  concat_ws count date_part date_trunc decode dense_rank encode every extract first_value floor
  generate_subscripts initcap isfinite json_agg json_array_elements json_array_elements_text
  json_array_length json_build_array json_build_object json_each json_each_text json_extract_path
  json_extract_path_text json_object_keys json_strip_nulls json_typeof jsonb_agg jsonb_array_elements
  jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_contained
  jsonb_contains jsonb_each jsonb_each_text jsonb_exists jsonb_exists_all jsonb_exists_any
  jsonb_extract_path jsonb_extract_path_text jsonb_object jsonb_object_agg jsonb_object_keys
  jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query
  jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz
  jsonb_path_query_tz jsonb_set jsonb_strip_nulls jsonb_typeof lag last_value lead left length
  like_escape lower ltrim make_date make_interval max md5 min mod now num_nonnulls num_nulls
  octet_length overlaps overlay position rank regexp_count regexp_instr regexp_like regexp_match
  regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr replace
  reverse right round row_number row_to_json rtrim sha256 sign similar_to_escape split_part
  starts_with statement_timestamp string_agg string_to_array string_to_table strpos substr substring
  sum timezone to_char to_date to_json to_jsonb to_number to_timestamp transaction_timestamp
  trunc unnest upper`);

/** Operators that statements may use. Powers are missing: one may take longer than any timeout. */
export const OPERATORS = names(`
  = <> != < > <= >= + - * / % || -> ->> #> #>> @> <@ ? ?| ?& @? @@ ~ ~* !~ !~* ~~ ~~* !~~ !~~* &&
  ^@ & | # << >> #- BETWEEN`);

/** Ways of saying BETWEEN, which the parser names with a blank. */
export const BETWEENS: ReadonlySet<string> = new Set([
  'NOT BETWEEN',
  'BETWEEN SYMMETRIC',
  'NOT BETWEEN SYMMETRIC',
]);

/** Types that statements may cast to; none of them looks anything up, as `regclass` would. */
export const TYPES = names(`
  bool boolean bpchar bytea date decimal float4 float8 int int2 int4 int8 integer bigint smallint
  interval json jsonb jsonpath numeric real text time timestamp timestamptz timetz uuid varchar`);

/** Columns of every relation. */
export const COLUMNS = names('id txid ts cts resource_type status resource');

/** What functions that return several columns call them, and what WITH ORDINALITY adds. */
export const FUNCTION_COLUMNS = names('key value ordinality');

/** Values that depend on the time only; others tell who the database user is. */
export const TIME_VALUES = names(`
  SVFOP_CURRENT_DATE SVFOP_CURRENT_TIME SVFOP_CURRENT_TIME_N SVFOP_CURRENT_TIMESTAMP
  SVFOP_CURRENT_TIMESTAMP_N SVFOP_LOCALTIME SVFOP_LOCALTIME_N SVFOP_LOCALTIMESTAMP
  SVFOP_LOCALTIMESTAMP_N`);
